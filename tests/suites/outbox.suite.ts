import { describe, expect, test } from 'vitest';
import type { Outbox } from '../../edge-agent/outbox/outbox.ts';
import type { Interval } from '../../gateway/contract/count-batch.ts';
import type { Receipt } from '../../gateway/contract/receipt.ts';
import { closedMinute, closedMinutes, firstMinuteSeconds, otherKinds } from '../doubles/closed-minutes.ts';

export interface OutboxOptions {
  readonly device?: string;
  readonly machineId?: string;
  readonly rowsMax?: number;
  readonly deliveredDays?: number;
}

/** Where an outbox lives: `open` as often as wanted, one after the other, on the same storage. */
export interface OutboxBed {
  open(options?: OutboxOptions): Outbox;
  /** Keeps a copy of the storage as it is, while nothing is open. */
  keepCopy(): void;
  /** Puts the copy back. */
  putBack(): void;
}

const store = '00000000000000aa';
const otherStore = '00000000000000bb';

function receipt(epoch: string, changes: Partial<Receipt> = {}): Receipt {
  return { version: 1, store, epoch, through: 0, beyond: [], refused: [], ...changes };
}

function everything(outbox: Outbox, epoch = outbox.state.epoch): Interval[] {
  return outbox.pending({
    epoch,
    above: 0,
    below: Number.MAX_SAFE_INTEGER,
    order: 'oldest-first',
    limit: 10_000,
    except: () => false,
  });
}

const sequences = (intervals: readonly Interval[]) => intervals.map(({ sequence }) => sequence);

/** The contract of the port, for every adapter. */
export function outboxSuite(name: string, openBed: () => OutboxBed): void {
  describe(`${name} as an outbox`, () => {
    keysSuite(openBed);
    receiptsSuite(openBed);
    timeSuite(openBed);
    cardSuite(openBed);
  });
}

function keysSuite(openBed: () => OutboxBed): void {
  test('numbers intervals from 1 without holes and goes on after it was opened again', () => {
    const bed = openBed();
    const first = bed.open();
    expect(first.state).toMatchObject({ epochReason: 'first', lastSequence: 0, held: 0, full: false });
    first.append(closedMinutes(0, 2), 'boot-1');
    const { epoch } = first.state;
    first.close();
    const second = bed.open();
    second.append(closedMinutes(3, 3), 'boot-1');
    expect(second.state).toMatchObject({ epoch, lastSequence: 4, held: 4 });
    expect(sequences(everything(second))).toEqual([1, 2, 3, 4]);
    second.close();
  });

  test('gives back exactly the numbers it was given, of every kind, each time alike', () => {
    const bed = openBed();
    const outbox = bed.open();
    const given = [...closedMinutes(0, 6), ...otherKinds];
    outbox.append(given, 'boot-1');
    const once = everything(outbox);
    expect(once).toHaveLength(given.length);
    for (const [at, interval] of once.entries()) {
      const { place, ...rest } = given[at]!;
      const start = new Date(place.epochSeconds! * 1000).toISOString().replace('.000Z', 'Z');
      const origin = expect.stringMatching(/^[0-9a-f]{16}$/);
      expect(interval).toEqual({ ...rest, sequence: at + 1, origin, start });
    }
    outbox.close();
    const again = bed.open();
    expect(JSON.stringify(everything(again))).toBe(JSON.stringify(once));
    again.close();
  });

  test('takes nothing of a call that does not fit, says so, and counts what it refused', () => {
    const outbox = openBed().open({ rowsMax: 5 });
    expect(outbox.append(closedMinutes(0, 3), 'boot-1')).toBe('stored');
    expect(outbox.append(closedMinutes(4, 5), 'boot-1')).toBe('full');
    expect(outbox.state).toMatchObject({ lastSequence: 4, held: 4, full: false, refusedByFull: 2 });
    expect(outbox.append(closedMinutes(4, 4), 'boot-1')).toBe('stored');
    expect(outbox.state.full).toBe(true);
    outbox.close();
  });

  test('lists newest first, within bounds, without what is on its way', () => {
    const outbox = openBed().open();
    outbox.append(closedMinutes(0, 19), 'boot-1');
    const found = outbox.pending({
      epoch: outbox.state.epoch,
      above: 5,
      below: 16,
      order: 'newest-first',
      limit: 4,
      except: (sequence) => sequence === 14,
    });
    expect(sequences(found)).toEqual([15, 13, 12, 11]);
    outbox.close();
  });
}

function receiptsSuite(openBed: () => OutboxBed): void {
  test('takes the maximum under one store, in whatever order receipts come', () => {
    const outbox = openBed().open();
    outbox.append(closedMinutes(0, 9), 'boot-1');
    const { epoch } = outbox.state;
    expect(outbox.accept(receipt(epoch), true)).toBe('taken');
    expect(outbox.accept(receipt(epoch, { through: 7 }), false)).toBe('taken');
    expect(outbox.accept(receipt(epoch, { through: 3 }), false)).toBe('taken');
    expect(sequences(everything(outbox))).toEqual([8, 9, 10]);
    outbox.close();
  });

  test('goes back under another store, and in the direct answer to its own question', () => {
    const outbox = openBed().open();
    outbox.append(closedMinutes(0, 9), 'boot-1');
    const { epoch } = outbox.state;
    outbox.accept(receipt(epoch), true);
    outbox.accept(receipt(epoch, { through: 8 }), false);
    expect(outbox.accept(receipt(epoch, { through: 2, store: otherStore }), false)).toBe('rewound');
    expect(sequences(everything(outbox))).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    outbox.accept(receipt(epoch, { through: 9, store: otherStore }), false);
    expect(outbox.accept(receipt(epoch, { through: 4, store: otherStore }), true)).toBe('rewound');
    expect(outbox.state.held).toBe(6);
    outbox.close();
  });

  test('leaves out stored ranges beyond a gap and what was refused for good', () => {
    const outbox = openBed().open();
    outbox.append(closedMinutes(0, 9), 'boot-1');
    const { epoch } = outbox.state;
    outbox.accept(receipt(epoch), true);
    const refused = [{ from: 5, to: 5, reason: 'invalid' as const }];
    outbox.accept(receipt(epoch, { through: 2, beyond: [[7, 8]], refused }), false);
    expect(sequences(everything(outbox))).toEqual([3, 4, 6, 9, 10]);
    expect(outbox.state).toMatchObject({ held: 5, refusedByGateway: 1 });
    outbox.close();
  });

  test('keeps what a gateway refuses for its version, and does not send it on and on', () => {
    const outbox = openBed().open({ deliveredDays: 0 });
    outbox.append(closedMinutes(0, 3), 'boot-1');
    const { epoch } = outbox.state;
    outbox.accept(receipt(epoch), true);
    const refused = [{ from: 2, to: 2, reason: 'unknown-version' as const }];
    outbox.accept(receipt(epoch, { through: 4, refused }), false);
    for (let minute = 4; minute < 40; minute += 1) outbox.append(closedMinutes(minute, minute), 'boot-1');
    expect(outbox.epochs().at(-1)!.oldestHeld).toBeLessThanOrEqual(2);
    outbox.close();
  });

  test('is not moved by receipts of an epoch it does not hold', () => {
    const outbox = openBed().open();
    outbox.append(closedMinutes(0, 1), 'boot-1');
    expect(outbox.accept(receipt('feedfeedfeedfeed', { through: 2 }), true)).toBe('foreign');
    expect(outbox.state.held).toBe(2);
    outbox.close();
  });

  test('forgets delivered intervals after their days and nothing else, and says what is gone', () => {
    const outbox = openBed().open({ deliveredDays: 1 });
    const { epoch } = outbox.state;
    outbox.append(closedMinutes(0, 9), 'boot-1');
    outbox.accept(receipt(epoch), true);
    outbox.accept(receipt(epoch, { through: 6 }), false);
    const aDay = 1440;
    for (let minute = aDay + 3; minute < aDay + 35; minute += 1) {
      outbox.append(closedMinutes(minute, minute), 'boot-1');
    }
    const held = outbox.epochs()[0]!;
    expect(held.oldestHeld).toBe(7);
    expect(sequences(everything(outbox)).slice(0, 4)).toEqual([7, 8, 9, 10]);
    outbox.accept(receipt(epoch, { through: 0, store: otherStore }), true);
    expect(sequences(everything(outbox))[0]).toBe(7);
    outbox.close();
  });
}

function timeSuite(openBed: () => OutboxBed): void {
  const unstamped = (minute: number) =>
    closedMinute(minute, {
      clock: 'estimated',
      place: { atSeconds: minute * 60 + 12.5, epochSeconds: null },
    });

  test('holds intervals from before the time is known and stamps those of one boot, none in 1970', () => {
    const outbox = openBed().open();
    outbox.append([unstamped(0), unstamped(1)], 'boot-1');
    outbox.append([unstamped(0)], 'boot-2');
    expect(everything(outbox)).toEqual([]);
    expect(outbox.state.held).toBe(3);
    expect(outbox.stamp('boot-2', firstMinuteSeconds)).toBe(1);
    expect(everything(outbox).map(({ sequence, start }) => [sequence, start])).toEqual([
      [3, '2026-03-02T08:00:12.500Z'],
    ]);
    expect(outbox.stamp('boot-2', 0)).toBe(0);
    expect(outbox.stamp('never-heard', 0)).toBe(0);
    outbox.close();
  });
}

function cardSuite(openBed: () => OutboxBed): void {
  test('opens a new epoch on another machine and still delivers what the card brought along', () => {
    const bed = openBed();
    const first = bed.open({ machineId: 'machine-a' });
    first.append(closedMinutes(0, 1), 'boot-1');
    const { epoch } = first.state;
    first.close();
    const second = bed.open({ machineId: 'machine-b' });
    expect(second.state).toMatchObject({ epochReason: 'cloned', lastSequence: 0, held: 2 });
    expect(second.state.epoch).not.toBe(epoch);
    expect(second.epochs().map((held) => held.epoch)).toEqual([epoch, second.state.epoch]);
    const renewed = second.state.epoch;
    second.close();
    const third = bed.open({ machineId: 'machine-b' });
    expect(third.state.epoch).toBe(renewed);
    third.close();
  });

  test('does not speak for the device whose card was copied', () => {
    const bed = openBed();
    const first = bed.open({ device: 'shop-1' });
    first.append(closedMinutes(0, 1), 'boot-1');
    const { epoch } = first.state;
    first.close();
    const second = bed.open({ device: 'shop-2' });
    expect(second.state).toMatchObject({ epochReason: 'cloned', held: 0 });
    expect(everything(second, epoch)).toEqual([]);
    second.close();
  });

  test('an older copy put back: what the gateway has is not sent, what is new gets new keys', () => {
    const bed = openBed();
    const before = bed.open();
    const { epoch } = before.state;
    before.append(closedMinutes(0, 2), 'boot-1');
    before.accept(receipt(epoch), true);
    before.accept(receipt(epoch, { through: 3 }), false);
    before.close();
    bed.keepCopy();
    const lost = bed.open();
    lost.append(closedMinutes(3, 4), 'boot-1');
    lost.close();
    bed.putBack();
    const after = bed.open();
    after.append(closedMinutes(100, 103), 'boot-2');
    // Sequences 4 and 5 were sent by the file that is gone: with other contents than here.
    expect(after.accept(receipt(epoch, { through: 5 }), true)).toBe('restored');
    expect(after.state).toMatchObject({ epochReason: 'restored', lastSequence: 4, held: 4 });
    expect(after.state.epoch).not.toBe(epoch);
    expect(everything(after).map(({ start }) => start)).toEqual(
      closedMinutes(100, 103).map(
        ({ place }) => `${new Date(place.epochSeconds! * 1000).toISOString().slice(0, 19)}Z`,
      ),
    );
    after.close();
  });

  test('a copy put back gives what it has no receipt for new keys, and says what it is', () => {
    const bed = openBed();
    const before = bed.open();
    const { epoch } = before.state;
    before.append(closedMinutes(0, 2), 'boot-1');
    before.close();
    bed.keepCopy();
    const original = bed.open();
    original.accept(receipt(epoch), true);
    const sent = everything(original);
    original.append(closedMinutes(3, 4), 'boot-1');
    original.close();
    bed.putBack();
    const copy = bed.open();
    copy.append(closedMinutes(100, 101), 'boot-2');
    expect(copy.accept(receipt(epoch, { through: 5 }), true)).toBe('restored');
    const moved = everything(copy);
    expect(moved.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    // The gateway knows the first three again by what they are; the others never were anybody else's.
    expect(moved.slice(0, 3).map(({ origin }) => origin)).toEqual(sent.map(({ origin }) => origin));
    expect(new Set(moved.map(({ origin }) => origin)).size).toBe(5);
    const repeated = [{ from: 1, to: 3, reason: 'repeated' as const }];
    copy.accept(receipt(copy.state.epoch), true);
    copy.accept(receipt(copy.state.epoch, { through: 3, refused: repeated }), false);
    expect(copy.state).toMatchObject({ held: 2, refusedByGateway: 0 });
    copy.close();
  });

  test('the original put back after its copy was in use loses nothing that the copy did not have', () => {
    const bed = openBed();
    const before = bed.open();
    const { epoch } = before.state;
    before.accept(receipt(epoch), true);
    before.append(closedMinutes(0, 2), 'boot-1');
    before.close();
    // Meanwhile the copy has sent five intervals of its own under the keys from 1 on.
    const original = bed.open();
    expect(original.accept(receipt(epoch, { through: 5 }), true)).toBe('restored');
    expect(sequences(everything(original))).toEqual([1, 2, 3]);
    expect(everything(original, epoch)).toEqual([]);
    original.close();
  });

  test('asks before it sends: an epoch is verified only by the direct answer', () => {
    const outbox = openBed().open();
    const { epoch } = outbox.state;
    expect(outbox.epochs()[0]!.verified).toBe(false);
    outbox.accept(receipt(epoch), false);
    expect(outbox.epochs()[0]!.verified).toBe(false);
    outbox.accept(receipt(epoch), true);
    expect(outbox.epochs()[0]!.verified).toBe(true);
    outbox.close();
  });
}
