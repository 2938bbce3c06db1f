import { describe, expect, test } from 'vitest';
import type { CellSums } from '../../gateway/store/count-store.ts';
import type { GatewayStore } from '../../gateway/store/gateway-store.ts';
import { flagMask } from '../../gateway/store/minute.ts';
import type { RetentionDays } from '../../gateway/store/store-upkeep.ts';
import {
  admitted,
  crossing,
  minuteOf,
  presence,
  sampleEpoch,
  sampleStart,
} from '../gateway/sample-intervals.ts';
import { type StoreBed, sampleHours, storeOfEachTest } from './store-bed.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const query = sampleHours;
const keepAll: RetentionDays = { minutes: null, quarters: null, hours: null, days: null };
const later = sampleStart + 50 * dayMs;

/** Sums without the times: what must be the same whatever level answers. */
function totalOf(cells: readonly CellSums[]) {
  const total = { in: 0, out: 0, measured: 0, coverageSeconds: 0, varianceIn: 0, flags: 0 };
  for (const cell of cells) {
    for (const name of ['in', 'out', 'measured', 'coverageSeconds', 'varianceIn'] as const) {
      total[name] += cell[name];
    }
    total.flags |= cell.flags;
  }
  return { ...total, varianceIn: Math.round(total.varianceIn * 1e6) / 1e6 };
}

/** What every store does beyond taking batches: levels, time travel, upkeep, records. */
export function gatewayStoreSuite(name: string, openBed: () => Promise<StoreBed>): void {
  describe(`levels, upkeep and records in ${name}`, () => {
    let store: GatewayStore;
    storeOfEachTest(openBed, (opened) => {
      store = opened;
    });

    const manyMinutes = () =>
      Array.from({ length: 300 }, (_, index) =>
        crossing(index + 1, {
          in: index % 4,
          coverageSeconds: 50 + (index % 10),
          standardErrorIn: 0.25,
          flags: index === 77 ? ['sunlight'] : [],
        }),
      );

    test('paths that were no crossing are summed by hour and reason, compacted or not', async () => {
      const minutes = Array.from({ length: 90 }, (_, index) =>
        crossing(index + 1, { rejected: index % 2 === 0 ? { lingered: 1 } : { 'turned-back': 2 } }),
      );
      await store.commitBatch(admitted([...minutes, presence(91)]));
      const rejections = { device: 'shop-1', sensor: 'door', fromMs: query.fromMs, toMs: query.toMs };
      const expected = [
        { startMs: sampleStart, rejected: { lingered: 30, 'turned-back': 60 } },
        { startMs: sampleStart + hourMs, rejected: { lingered: 15, 'turned-back': 30 } },
      ];
      expect(await store.readRejections(rejections)).toEqual(expected);
      await store.upkeep({ nowMs: later, keepDays: keepAll, compactAfterDays: 40 });
      expect(await store.readRejections(rejections)).toEqual(expected);
      expect(await store.readRejections({ ...rejections, sensor: 'window' })).toEqual([]);
    });

    test('minutes, quarters, hours and local days add up to the same', async () => {
      await store.applySetup(setup('Europe/Berlin'));
      await store.commitBatch(admitted(manyMinutes()));
      const day = {
        ...query,
        fromMs: Date.parse('2026-03-01T23:00:00Z'),
        toMs: Date.parse('2026-03-02T23:00:00Z'),
      };
      const whole = totalOf(await store.readCells({ ...day, cellSeconds: 60 }));
      expect(whole).toMatchObject({ in: 450, measured: 300, flags: flagMask(['sunlight']) });
      for (const cellSeconds of [300, 900, 3600] as const) {
        expect(totalOf(await store.readCells({ ...day, cellSeconds }))).toEqual(whole);
      }
      const days = await store.readCells({ ...day, cellSeconds: 86_400, timeZone: 'Europe/Berlin' });
      expect(days.map(({ startMs }) => startMs)).toEqual([day.fromMs]);
      expect(totalOf(days)).toEqual(whole);
    });

    test('days follow the site into another zone, and other zones get finer cells that add up', async () => {
      await store.commitBatch(admitted(manyMinutes()));
      await store.applySetup(setup('Asia/Kolkata'));
      const range = { fromMs: Date.parse('2026-03-01T18:30:00Z'), toMs: Date.parse('2026-03-02T18:30:00Z') };
      const kolkata = await store.readCells({
        ...query,
        ...range,
        cellSeconds: 86_400,
        timeZone: 'Asia/Kolkata',
      });
      expect(kolkata.map(({ startMs }) => startMs)).toEqual([range.fromMs]);
      const berlin = await store.readCells({ ...query, cellSeconds: 86_400, timeZone: 'Europe/Berlin' });
      expect(berlin.length).toBeGreaterThan(1);
      expect(totalOf(berlin)).toEqual(totalOf(kolkata));
    });

    test('as of a day only what had arrived by then is answered', async () => {
      await store.commitBatch(admitted([crossing(1), crossing(3)]));
      await store.commitBatch(admitted([crossing(2)], { receivedAtMs: sampleStart + 3 * dayMs }));
      const at = (asOfMs: number) => store.readCells({ ...query, asOfMs }).then((cells) => totalOf(cells).in);
      expect(await at(sampleStart - dayMs)).toBe(0);
      expect(await at(sampleStart)).toBe(6);
      expect(await at(sampleStart + 2 * dayMs)).toBe(6);
      expect(await at(sampleStart + 3 * dayMs)).toBe(9);
      expect(totalOf(await store.readCells(query)).in).toBe(9);
    });

    test('compacted minutes read as before, and what is sent again is known', async () => {
      const batch = admitted([...manyMinutes().slice(0, 200), presence(201, { bands: [4, 2] })]);
      await store.commitBatch(batch);
      const fine = { ...query, cellSeconds: 60 } as const;
      const before = await store.readCells(fine);
      const report = await finishUpkeep(keepAll);
      expect(report).toEqual({ deletedRows: 0, compactedDays: 2 });
      expect(await store.readCells(fine)).toEqual(before);
      const again = await store.commitBatch(batch);
      expect(again).toMatchObject({ stored: 0, duplicates: 201, reused: 0 });
      const late = await store.commitBatch(admitted([crossing(202, { start: minuteOf(3.5), in: 7 })]));
      expect(late.stored).toBe(1);
      await finishUpkeep(keepAll);
      expect(totalOf(await store.readCells(fine)).in).toBe(totalOf(before).in + 7);
    });

    test('a long range reads the same after its cells were packed, and late data is in it at once', async () => {
      const spread = (index: number) => new Date(sampleStart + index * 7 * hourMs).toISOString();
      await store.commitBatch(
        admitted(
          Array.from({ length: 150 }, (_, index) =>
            crossing(index + 1, {
              start: spread(index),
              in: index % 5,
              standardErrorIn: 0.5,
              flags: index === 40 ? ['sunlight'] : [],
            }),
          ),
        ),
      );
      const long = { ...query, fromMs: sampleStart - 30 * dayMs, toMs: later + 30 * dayMs };
      const inDays = { ...long, cellSeconds: 86_400, timeZone: 'UTC' } as const;
      const cut = { ...long, fromMs: sampleStart + 9 * dayMs, toMs: sampleStart + 31 * dayMs };
      const read = async () => [
        await store.readCells(long),
        await store.readCells(inDays),
        await store.readCells(cut),
      ];
      const before = await read();
      expect(before.map(({ length }) => length > 40)).toEqual([true, true, true]);
      await finishUpkeep(keepAll, sampleStart + 100 * dayMs);
      expect(await read()).toEqual(before);
      const late = crossing(500, { start: spread(41), in: 9, standardErrorIn: 0.5 });
      await store.commitBatch(admitted([late], { receivedAtMs: later }));
      const after = await read();
      expect(after.map((cells) => totalOf(cells).in)).toEqual(before.map((cells) => totalOf(cells).in + 9));
      await finishUpkeep(keepAll, sampleStart + 100 * dayMs);
      expect(await read()).toEqual(after);
      expect(totalOf(await store.readCells({ ...long, asOfMs: sampleStart + dayMs })).in).toBe(
        totalOf(before[0]!).in,
      );
      await finishUpkeep({ ...keepAll, hours: 80, days: 80 }, sampleStart + 100 * dayMs);
      const fromMs = (await store.readDirectory()).deletedBeforeMs.hours;
      expect(fromMs).toBeGreaterThan(sampleStart);
      expect(await store.readCells(long)).toEqual(after[0]!.filter(({ startMs }) => startMs >= fromMs));
    });

    test('days that were packed follow the site into another zone', async () => {
      await store.applySetup(setup('Europe/Berlin'));
      await store.commitBatch(admitted(manyMinutes()));
      await finishUpkeep(keepAll, sampleStart + 100 * dayMs);
      await store.applySetup(setup('Asia/Kolkata'));
      const range = { fromMs: Date.parse('2026-03-01T18:30:00Z'), toMs: Date.parse('2026-03-02T18:30:00Z') };
      const asked = { ...query, ...range, cellSeconds: 86_400, timeZone: 'Asia/Kolkata' } as const;
      const [day, ...more] = await store.readCells(asked);
      expect(more).toEqual([]);
      expect(day).toMatchObject({ startMs: range.fromMs, in: 450 });
    });

    test('retention deletes a level and keeps coarser ones and the account', async () => {
      const batch = admitted(manyMinutes());
      const { outcome } = { outcome: await store.commitBatch(batch) };
      const hours = await store.readCells(query);
      await finishUpkeep({ ...keepAll, minutes: 45, quarters: 48 });
      expect(await store.readCells({ ...query, cellSeconds: 60 })).toEqual([]);
      expect(await store.readCells({ ...query, cellSeconds: 900 })).toEqual([]);
      expect(await store.readCells(query)).toEqual(hours);
      expect(await store.readAccounts('shop-1')).toEqual([outcome.account]);
      const { deletedBeforeMs } = await store.readDirectory();
      expect(deletedBeforeMs).toMatchObject({ hours: 0, days: 0 });
      expect(deletedBeforeMs.minutes).toBeGreaterThan(sampleStart);
    });

    test('a batch sent again after retention is receipted and not stored again', async () => {
      const batch = admitted(manyMinutes());
      const first = await store.commitBatch(batch);
      await finishUpkeep({ ...keepAll, minutes: 45 });
      const again = await store.commitBatch(batch);
      expect(again).toEqual({ ...first, stored: 0, duplicates: 300 });
      expect(totalOf(await store.readCells(query)).in).toBe(450);
    });

    test('a sequence that comes again at another time is reused contents, young or compacted', async () => {
      await store.commitBatch(admitted([crossing(1), crossing(2)]));
      await finishUpkeep(keepAll);
      const moved = crossing(1, { start: new Date(later).toISOString() });
      expect(await store.commitBatch(admitted([moved]))).toMatchObject({ stored: 0, reused: 1 });
      expect(totalOf(await store.readCells({ ...query, toMs: later + hourMs })).in).toBe(6);
    });

    test('of two who replace the same state of a record one succeeds, and the other writes nothing', async () => {
      await store.put([{ kind: 'enrolment-code', id: 'a', body: { claim: null } }], 1_000);
      const [state] = await store.readRecords('enrolment-code');
      const claim = (name: string) =>
        store.putIf(
          [
            { kind: 'enrolment-code', id: 'a', body: { claim: name } },
            { kind: 'device-credential', id: name, body: { name } },
          ],
          2_000,
          state!,
        );
      const outcomes = await Promise.all([claim('one'), claim('two')]);
      expect(outcomes.toSorted()).toEqual([false, true]);
      const winner = outcomes[0] ? 'one' : 'two';
      expect(await store.readRecords('enrolment-code')).toMatchObject([{ body: { claim: winner } }]);
      expect((await store.readRecords('device-credential')).map(({ id }) => id)).toEqual([winner]);
    });

    test('a record is retired by its next state, and every moment can be read again', async () => {
      await store.put([{ kind: 'calibration', id: 'a', body: { factor: 1.1 } }], 1_000);
      await store.put([{ kind: 'calibration', id: 'a', body: { factor: 1.2 } }], 2_000);
      await store.put([{ kind: 'event', id: 'a', body: { name: 'Weinfest' } }], 2_000);
      const bodies = async (asOfMs?: number) =>
        (await store.readRecords('calibration', asOfMs)).map(({ body }) => body);
      expect(await bodies()).toEqual([{ factor: 1.2 }]);
      expect(await bodies(999)).toEqual([]);
      expect(await bodies(1_500)).toEqual([{ factor: 1.1 }]);
      expect(await bodies(2_000)).toEqual([{ factor: 1.2 }]);
      expect(await store.retire('calibration', 'a', 3_000)).toBe(true);
      expect(await store.retire('calibration', 'a', 4_000)).toBe(false);
      expect(await bodies()).toEqual([]);
      expect(await bodies(2_999)).toEqual([{ factor: 1.2 }]);
      expect(await store.readRecords('event')).toMatchObject([
        { id: 'a', recordedMs: 2_000, retiredMs: null },
      ]);
    });

    test('the audit log is read newest first, page by page', async () => {
      for (const number of [1, 2, 3, 4, 5]) {
        await store.appendAudit({
          atMs: number,
          actor: 'operator',
          action: 'key-created',
          subject: `k${number}`,
        });
      }
      const page = await store.readAudit({ limit: 2 });
      expect(page.map(({ subject }) => subject)).toEqual(['k5', 'k4']);
      const next = await store.readAudit({ limit: 9, before: page[1]!.entry });
      expect(next.map(({ atMs }) => atMs)).toEqual([3, 2, 1]);
    });

    test('two commits at once to one device end in the same books as one after the other', async () => {
      const batches = Array.from({ length: 12 }, (_, index) =>
        admitted([crossing(index + 1), crossing(index + 2)]),
      );
      await Promise.all(batches.map((batch) => store.commitBatch(batch)));
      const [account] = await store.readAccounts('shop-1');
      expect(account).toMatchObject({ epoch: sampleEpoch, through: 13, reused: [] });
      expect(totalOf(await store.readCells(query)).in).toBe(39);
    });

    async function finishUpkeep(keepDays: RetentionDays, nowMs = later) {
      const sum = { compactedDays: 0, deletedRows: 0 };
      for (;;) {
        const report = await store.upkeep({ nowMs, keepDays, compactAfterDays: 40 });
        sum.compactedDays += report.compactedDays;
        sum.deletedRows += report.deletedRows;
        if (report.finished) return sum;
      }
    }
  });
}

function setup(timeZone: string) {
  return {
    sites: [{ id: 'shop', name: 'Shop', organisation: 'Lange', town: 'Iserlohn', timeZone }],
    lines: [{ id: 'shop-door', site: 'shop', name: 'Door', role: 'entrance', kind: 'crossing' }],
    assignments: [
      {
        line: 'shop-door',
        device: 'shop-1',
        sensor: 'door',
        role: 'counts',
        lane: 0,
        sign: 1,
        fromMs: null,
        untilMs: null,
      },
    ],
  } as const;
}
