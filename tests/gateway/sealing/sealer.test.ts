import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reconcileSeals } from '../../../gateway/sealing/reconcile-seals.ts';
import { backupDatabase, restoreDatabase } from '../../../gateway/store/sqlite/backup.ts';
import { openSqliteCountStore } from '../../../gateway/store/sqlite/sqlite-count-store.ts';
import { admitted, crossing, sampleStart } from '../sample-intervals.ts';
import { afterHour, openSealingBed, type SealingBed } from './sealing-bed.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe('sealing', () => {
  let bed: SealingBed;
  beforeEach(async () => {
    bed = await openSealingBed();
  });
  afterEach(() => bed.close());
  const starts = async () => (await bed.seals()).map(({ fromMs }) => (fromMs - sampleStart) / hourMs);

  test('waits for the end of the hour, then seals it once and never draws again', async () => {
    await bed.deliverHour(0, () => ({ in: 3, out: 2 }));
    bed.clock.nowMs = sampleStart + hourMs;
    await bed.round();
    expect(await starts()).toEqual([]);
    bed.clock.nowMs = afterHour(0);
    await bed.round();
    const [seal] = await bed.seals();
    expect(seal).toMatchObject({ fromMs: sampleStart, toMs: sampleStart + hourMs, coverageTenths: 10 });
    expect(seal).toMatchObject({ epsilon: 1, late: false });
    // 180 and 120 and a draw that exceeds 40 once in 10^17 times.
    expect(Math.abs(seal!.in! - 180)).toBeLessThan(40);
    expect(Math.abs(seal!.out! - 120)).toBeLessThan(40);
    for (let again = 0; again < 5; again += 1) await bed.round();
    await bed.reopen();
    await bed.round();
    expect(await bed.seals()).toEqual([seal]);
    expect(await bed.store.readUnsettled({ device: 'shop-1', sensor: 'door' }, 10)).toEqual([]);
  });

  test('draws anew for every cell and direction', async () => {
    for (let hour = 0; hour < 13; hour += 1) await bed.deliverHour(hour, () => ({ in: 0, out: 0 }));
    bed.clock.nowMs = afterHour(13);
    await bed.round();
    const numbers = (await bed.seals()).flatMap((seal) => [seal.in, seal.out]);
    expect(numbers).toHaveLength(26);
    // All alike has a probability of 0.46^25.
    expect(new Set(numbers).size).toBeGreaterThan(1);
    expect(Math.min(...numbers.map(Number))).toBeLessThan(0);
  });

  test('waits for an hour that is not whole, for 48 hours after its first data', async () => {
    await bed.store.commitBatch(
      admitted([crossing(1), crossing(2)], { receivedAtMs: sampleStart + 120_000 }),
    );
    bed.clock.nowMs = sampleStart + 47 * hourMs;
    await bed.round();
    expect(await starts()).toEqual([]);
    bed.clock.nowMs = sampleStart + 120_000 + 48 * hourMs;
    await bed.round();
    expect(await bed.seals()).toMatchObject([{ fromMs: sampleStart, coverageTenths: 1 }]);
  });

  test('takes an hour as whole where the device has gone on and has nothing left to send', async () => {
    // Switched off for the rest of the first hour: sequences follow each other without a hole.
    await bed.store.commitBatch(admitted([crossing(1), crossing(2)]));
    const later = Array.from({ length: 60 }, (_, index) =>
      crossing(index + 3, { start: new Date(sampleStart + hourMs + index * 60_000).toISOString() }),
    );
    await bed.store.commitBatch(admitted(later.slice(1)));
    bed.clock.nowMs = afterHour(1);
    await bed.round();
    expect(await starts()).toEqual([]);
    await bed.store.commitBatch(admitted(later.slice(0, 1)));
    await bed.round();
    expect(await starts()).toEqual([0, 1]);
  });

  test('leaves hours without data open, so that a device that was away for 30 days still reaches partners', async () => {
    await bed.deliverHour(0, () => ({}));
    bed.clock.nowMs = sampleStart + 30 * dayMs;
    await bed.round();
    expect(await starts()).toEqual([0]);
    for (const hour of [1, 2, 700]) await bed.deliverHour(hour, () => ({}));
    await bed.round();
    // The account has a hole before hour 700, but each of these hours is whole in itself; 700 is 12:00.
    expect(await starts()).toEqual([0, 1, 2, 700]);
  });

  test('an hour in which nobody looked is null, takes no noise and is not zero', async () => {
    await bed.deliverHour(0, () => ({
      coverageSeconds: 0,
      in: 0,
      out: 0,
      standardErrorIn: 0,
      standardErrorOut: 0,
    }));
    bed.clock.nowMs = afterHour(0);
    await bed.round();
    expect(await bed.seals()).toMatchObject([{ in: null, out: null, coverageTenths: 0 }]);
  });

  test('late data change nothing that is sealed and are marked for the owner', async () => {
    await bed.store.commitBatch(admitted([crossing(1, { in: 5 })]));
    bed.clock.nowMs = sampleStart + 49 * hourMs;
    await bed.round();
    const before = await bed.seals();
    await bed.store.commitBatch(
      admitted([crossing(2, { in: 4_000, standardErrorIn: 9 })], { receivedAtMs: bed.clock.nowMs }),
    );
    await bed.round();
    expect(await bed.seals()).toEqual(before.map((seal) => ({ ...seal, late: true })));
    expect(await bed.store.readUnsettled({ device: 'shop-1', sensor: 'door' }, 10)).toEqual([]);
  });

  test('a night is one cell that is sealed when the night is over', async () => {
    // 22:00 in Berlin is 13 hours after the first sample.
    for (let hour = 12; hour < 21; hour += 1) await bed.deliverHour(hour, () => ({ in: 1, out: 0 }));
    bed.clock.nowMs = afterHour(20) - 10 * 60_000;
    await bed.round();
    expect(await starts()).toEqual([12]);
    bed.clock.nowMs = afterHour(20);
    await bed.round();
    expect(await starts()).toEqual([12, 13]);
    expect((await bed.seals())[1]).toMatchObject({ toMs: sampleStart + 21 * hourMs, coverageTenths: 10 });
  });

  test('a changed rule never touches time that is sealed', async () => {
    await bed.deliverHour(0, () => ({}));
    bed.clock.nowMs = afterHour(0);
    await bed.round();
    const before = await bed.seals();
    const { sites, lines, assignments } = await bed.store.readDirectory();
    const protection = { epsilon: 0.5 as const, cellMinutes: 15 as const };
    await bed.store.applySetup({ sites: sites.map((site) => ({ ...site, protection })), lines, assignments });
    await bed.deliverHour(1, () => ({}));
    bed.clock.nowMs = afterHour(1);
    await bed.round();
    const after = await bed.seals();
    expect(after[0]).toEqual(before[0]);
    expect(after.slice(1).map(({ fromMs, toMs, epsilon }) => [(toMs - fromMs) / 60_000, epsilon])).toEqual(
      Array(4).fill([15, 0.5]),
    );
  });

  test('two processes that seal at the same time publish one draw, and the file holds it alone', async () => {
    for (let hour = 0; hour < 3; hour += 1) await bed.deliverHour(hour, () => ({}));
    bed.clock.nowMs = afterHour(2);
    const first = bed.store;
    const second = await openSqliteCountStore(bed.databaseFile);
    const rounds = [bed.round()];
    bed.store = second;
    rounds.push(bed.round());
    await Promise.all(rounds);
    const seals = await bed.seals();
    expect(seals).toHaveLength(3);
    expect([...bed.file.newestFirst()].flatMap((slice) => slice.seals.reverse())).toEqual(seals);
    await first.close();
  });

  test('sensors without a line are not sealed: they have no owner yet', async () => {
    await bed.store.applySetup({ sites: [], lines: [], assignments: [] });
    await bed.deliverHour(0, () => ({}));
    bed.clock.nowMs = afterHour(0);
    await bed.round();
    expect(await bed.store.readSealBook()).toMatchObject({ seals: 0 });
    expect(await bed.store.readUnsettled({ device: 'shop-1', sensor: 'door' }, 10)).toHaveLength(4);
  });
});

describe('after a restore from a backup', () => {
  let bed: SealingBed;
  const file = () => join(bed.folder, 'seals.ndjson');
  beforeEach(async () => {
    bed = await openSealingBed();
    await reconcileSeals(bed.store, bed.file, bed.clock.nowMs);
    await bed.deliverHour(0, () => ({}));
    await bed.deliverHour(1, () => ({}));
    bed.clock.nowMs = afterHour(0) - 60_000;
    await bed.round();
  });
  afterEach(() => bed.close());

  /** Backs up with hour 0 sealed, seals hour 1, and puts the backup back. */
  async function restored(meanwhile: () => void): Promise<{ before: unknown[] }> {
    const backup = join(bed.folder, 'backup.sqlite');
    await backupDatabase(bed.databaseFile, backup);
    bed.clock.nowMs = afterHour(1);
    await bed.round();
    const before = await bed.seals();
    expect(before).toHaveLength(2);
    await bed.store.close();
    restoreDatabase(backup, bed.databaseFile);
    meanwhile();
    bed.store = await openSqliteCountStore(bed.databaseFile);
    expect(await bed.seals()).toHaveLength(1);
    return { before };
  }
  const reconcile = () => reconcileSeals(bed.store, bed.file, bed.clock.nowMs);

  test('what was sealed since is taken up with its old noise', async () => {
    const { before } = await restored(() => {});
    expect(await reconcile()).toEqual({ takenUp: 1, withheldBeforeMs: null });
    await bed.round();
    expect(await bed.seals()).toEqual(before);
    await bed.deliverHour(2, () => ({}));
    bed.clock.nowMs = afterHour(2);
    await bed.round();
    expect(await bed.seals()).toHaveLength(3);
  });

  test('cells that may have been sealed are withheld for good where the file is gone', async () => {
    await restored(() => rmSync(file()));
    expect(await reconcile()).toEqual({ takenUp: 0, withheldBeforeMs: afterHour(1) });
    for (let again = 0; again < 3; again += 1) await bed.round();
    expect(await bed.seals()).toHaveLength(1);
    await bed.reopen();
    expect(await reconcile()).toMatchObject({ takenUp: 0 });
    await bed.deliverHour(2, () => ({}));
    await bed.deliverHour(3, () => ({}));
    bed.clock.nowMs = afterHour(3);
    await bed.round();
    // Hour 2 had begun when the loss was found; hour 3 had not.
    expect((await bed.seals()).map(({ fromMs }) => (fromMs - sampleStart) / hourMs)).toEqual([0, 3]);
  });

  test('the same where the file is older than the database or has lines that nobody wrote', async () => {
    await restored(() => writeFileSync(file(), ''));
    expect(await reconcile()).toMatchObject({ withheldBeforeMs: afterHour(1) });
    appendFileSync(file(), '{"book":"x"}\n');
    expect(await reconcile()).toMatchObject({ withheldBeforeMs: afterHour(1) });
  });

  test('a line that a power cut left unfinished is cut off and is no damage', async () => {
    const whole = readFileSync(file(), 'utf8');
    appendFileSync(file(), '{"book":"12');
    expect(await reconcile()).toEqual({ takenUp: 0, withheldBeforeMs: null });
    bed.clock.nowMs = afterHour(1);
    await bed.round();
    const text = readFileSync(file(), 'utf8');
    expect(text.startsWith(whole)).toBe(true);
    expect(text.trimEnd().split('\n')).toHaveLength(2);
    expect(await reconcile()).toEqual({ takenUp: 0, withheldBeforeMs: null });
  });

  test('of two lines about the same cell the later one stands: the first was never committed', async () => {
    const [seal] = await bed.seals();
    bed.file.append([{ ...seal!, fromMs: seal!.toMs, toMs: seal!.toMs + hourMs, in: 1 }]);
    bed.file.append([{ ...seal!, fromMs: seal!.toMs, toMs: seal!.toMs + hourMs, in: 2 }]);
    expect(await reconcile()).toMatchObject({ takenUp: 1 });
    expect((await bed.seals())[1]).toMatchObject({ in: 2 });
  });
});
