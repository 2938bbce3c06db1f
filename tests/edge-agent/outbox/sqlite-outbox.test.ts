import { existsSync, openSync, readdirSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { type Outbox, OutboxError } from '../../../edge-agent/outbox/outbox.ts';
import type { Receipt } from '../../../gateway/contract/receipt.ts';
import { closedMinute, closedMinutes } from '../../doubles/closed-minutes.ts';
import { outboxSuite } from '../../suites/outbox.suite.ts';
import { SqliteOutboxBed } from './sqlite-outbox-bed.ts';

const beds: SqliteOutboxBed[] = [];
function newBed(): SqliteOutboxBed {
  const bed = new SqliteOutboxBed();
  beds.push(bed);
  return bed;
}
afterEach(() => {
  for (const bed of beds.splice(0)) bed.remove();
});

outboxSuite('an SQLite file', newBed);

function pendingSequences(outbox: Outbox, epoch = outbox.state.epoch): number[] {
  const query = { epoch, above: 0, below: Number.MAX_SAFE_INTEGER, limit: 100_000 };
  return outbox
    .pending({ ...query, order: 'oldest-first', except: () => false })
    .map(({ sequence }) => sequence);
}

function receiptThrough(epoch: string, through: number): Receipt {
  return { version: 1, store: '00000000000000aa', epoch, through, beyond: [], refused: [] };
}

/** Overwrites bytes of a file in place. */
function scribble(file: string, at: number, length: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(length, 0xa5), 0, length, at);
}

describe('a power cut', () => {
  test('at any byte of the log after the last commit loses nothing that was appended', () => {
    const bed = newBed();
    const outbox = bed.open();
    outbox.append(closedMinutes(0, 4), 'boot-1');
    const committedBytes = statSync(`${bed.file}-wal`).size;
    outbox.append(closedMinutes(5, 9), 'boot-1');
    const writtenBytes = statSync(`${bed.file}-wal`).size;
    expect(writtenBytes).toBeGreaterThan(committedBytes);
    for (let bytes = committedBytes; bytes < writtenBytes; bytes += 509) {
      const cut = bed.copyNow();
      beds.push(cut);
      truncateSync(`${cut.file}-wal`, bytes);
      const { outbox: reopened, damaged } = cut.openWhole();
      expect(damaged).toBeNull();
      expect(pendingSequences(reopened)).toEqual([1, 2, 3, 4, 5]);
      reopened.append([closedMinute(5)], 'boot-2');
      expect(pendingSequences(reopened)).toEqual([1, 2, 3, 4, 5, 6]);
      reopened.close();
    }
    outbox.close();
  });

  test('before the first commit leaves a file that is begun again as the first', () => {
    const bed = newBed();
    const whole = bed.open();
    const cut = bed.copyNow();
    beds.push(cut);
    truncateSync(`${cut.file}-wal`, 0);
    const { outbox, damaged } = cut.openWhole();
    expect(damaged).toBeNull();
    expect(outbox.state.epochReason).toBe('first');
    outbox.close();
    whole.close();
  });
});

describe('a damaged file', () => {
  test('that is no database is set aside under its date, and counting goes on in a new epoch', () => {
    const bed = newBed();
    bed.open().close();
    scribble(bed.file, 0, 100);
    const { outbox, damaged } = bed.openWhole();
    expect(outbox.state).toMatchObject({ epochReason: 'damaged', lastSequence: 0 });
    expect(damaged).toEqual({ file: `${bed.file}.damaged-2026-03-02T00-00-02-000Z`, savedIntervals: 0 });
    expect(existsSync(damaged!.file)).toBe(true);
    expect(outbox.append(closedMinutes(0, 0), 'boot-1')).toBe('stored');
    outbox.close();
  });

  test('gives back what its sound pages hold, under the old keys, and says the rest is gone', () => {
    const bed = newBed();
    const outbox = bed.open();
    const { epoch } = outbox.state;
    outbox.accept(receiptThrough(epoch, 0), true);
    for (let minute = 0; minute < 600; minute += 50)
      outbox.append(closedMinutes(minute, minute + 49), 'boot-1');
    outbox.accept(receiptThrough(epoch, 40), false);
    outbox.close();
    const pages = Math.floor(statSync(bed.file).size / 4096);
    // A page in the middle of the leaves: its cells' contents, not its header.
    scribble(bed.file, (pages - 6) * 4096 + 1000, 2500);
    const { outbox: renewed, damaged } = bed.openWhole({}, true);
    const saved = pendingSequences(renewed, epoch);
    expect(damaged!.savedIntervals).toBeGreaterThan(400);
    expect(damaged!.savedIntervals).toBeLessThan(560);
    expect(saved[0]).toBeGreaterThan(40);
    const held = renewed.epochs()[0]!;
    expect(held).toMatchObject({ epoch, gaps: true, oldestHeld: saved[0], verified: true });
    const run = saved.findIndex((sequence, at) => at > 0 && sequence !== saved[at - 1]! + 1);
    // `pending` hands out one run without a gap at a time.
    expect(run).toBe(-1);
    renewed.accept(receiptThrough(epoch, saved.at(-1)!), false);
    const next = pendingSequences(renewed, epoch);
    expect(next[0]).toBeGreaterThan(saved.at(-1)! + 1);
    expect(renewed.epochs()[0]!.oldestHeld).toBe(next[0]);
    expect(renewed.state.held).toBe(damaged!.savedIntervals - saved.length);
    renewed.close();
  });

  test('of which one interval was torn is noticed when it is read, not sent with wrong numbers', () => {
    const bed = newBed();
    const outbox = bed.open();
    outbox.append([closedMinute(0, { in: 3, out: 4, standardErrorIn: 0.777 })], 'boot-1');
    outbox.close();
    const bytes = readFileSync(bed.file);
    const at = bytes.indexOf('3,4,0.777');
    expect(at).toBeGreaterThan(0);
    const descriptor = openSync(bed.file, 'r+');
    writeSync(descriptor, Buffer.from('8'), 0, 1, at);
    const reopened = bed.open();
    expect(() => pendingSequences(reopened)).toThrow(OutboxError);
    reopened.close();
    const { damaged } = bed.openWhole({}, true);
    expect(damaged!.savedIntervals).toBe(0);
  });

  test('is kept, but not more than three of them', () => {
    const bed = newBed();
    for (let time = 0; time < 6; time += 1) {
      const { outbox } = bed.openWhole({}, time > 0);
      outbox.close();
    }
    const names = readdirSync(join(bed.folder, 'state')).filter((name) => name.includes('damaged'));
    expect(names.filter((name) => !/-(wal|shm)$/.test(name))).toHaveLength(3);
  });
});

describe('one file', () => {
  test('serves one agent: a second one is told that it is taken', () => {
    const bed = newBed();
    const outbox = bed.open();
    expect(() => bed.open()).toThrow(/another process has it open/);
    outbox.close();
  });

  test('takes about 80 bytes an interval, so that 400 days of five sensors fit 250 MB', () => {
    const bed = newBed();
    const outbox = bed.open();
    outbox.append(closedMinutes(0, 9_999), 'boot-1');
    outbox.close();
    expect(statSync(bed.file).size / 10_000).toBeLessThan(87);
  });
});

describe('an outbox file of the first version', () => {
  test('is brought up to the present one and goes on in its epoch with all it holds', () => {
    const bed = newBed();
    const before = bed.open();
    before.append(closedMinutes(0, 3), 'boot-1');
    const { epoch } = before.state;
    before.close();
    const database = new Database(bed.file);
    database.exec('ALTER TABLE interval DROP COLUMN origin; PRAGMA user_version = 1');
    database.close();
    const { outbox, damaged } = bed.openWhole();
    expect(damaged).toBeNull();
    expect(outbox.state).toMatchObject({ epoch, lastSequence: 4 });
    outbox.append(closedMinutes(4, 4), 'boot-1');
    expect(pendingSequences(outbox)).toEqual([1, 2, 3, 4, 5]);
    outbox.close();
  });

  test('is salvaged where it is damaged', () => {
    const bed = newBed();
    const before = bed.open();
    before.append(closedMinutes(0, 3), 'boot-1');
    const { epoch } = before.state;
    before.close();
    const database = new Database(bed.file);
    database.exec('ALTER TABLE interval DROP COLUMN origin; PRAGMA user_version = 1');
    database.close();
    const { outbox, damaged } = bed.openWhole({}, true);
    expect(damaged?.savedIntervals).toBe(4);
    expect(pendingSequences(outbox, epoch)).toEqual([1, 2, 3, 4]);
    outbox.close();
  });
});
