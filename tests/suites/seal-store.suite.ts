import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GatewayStore } from '../../gateway/store/gateway-store.ts';
import type { Seal } from '../../gateway/store/seal-store.ts';
import { admitted, crossing, motion, sampleStart } from '../gateway/sample-intervals.ts';

export interface SealStoreBed {
  open(): Promise<GatewayStore>;
  remove(): Promise<void>;
}

const hourMs = 3_600_000;
const quarterMs = 900_000;
const door = { device: 'shop-1', sensor: 'door' };
const whole = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

function seal(hour: number, changes: Partial<Seal> = {}): Seal {
  const fromMs = sampleStart + hour * hourMs;
  const span = { fromMs, toMs: fromMs + hourMs };
  const numbers = { in: 7, out: -2, coverageTenths: 10, epsilon: 0.5, late: false };
  return { line: 'shop-door', ...span, ...numbers, sealedMs: sampleStart + 9 * hourMs, ...changes };
}

const only = (...seals: Seal[]) => ({ seals, settled: [], late: [] });
const silent = () => {};

/** Sealed cells in every store: written once, by one of many. */
export function sealStoreSuite(name: string, openBed: () => Promise<SealStoreBed>): void {
  describe(`seals in ${name}`, () => {
    let bed: SealStoreBed;
    let store: GatewayStore;
    beforeEach(async () => {
      bed = await openBed();
      store = await bed.open();
    });
    afterEach(async () => {
      await store.close();
      await bed.remove();
    });

    test('come back as they were written, negative and null included, and survive reopening', async () => {
      const seals = [seal(0), seal(1, { in: null, out: null, coverageTenths: 0 }), seal(2, { in: -4 })];
      expect(await store.commitSeals(only(...seals), silent)).toEqual(seals);
      await store.close();
      store = await bed.open();
      expect(await store.readSeals('shop-door', whole)).toEqual(seals);
      expect(await store.readSeals('cafe-door', whole)).toEqual([]);
      const second = { fromMs: seals[1]!.fromMs, toMs: seals[1]!.toMs };
      expect(await store.readSeals('shop-door', second)).toEqual([seals[1]]);
    });

    test('are taken once: neither the same cell nor one that overlaps it, though at another line', async () => {
      await store.commitSeals(only(seal(0)), silent);
      const again = [
        seal(0, { in: 9 }),
        seal(0, { fromMs: seal(0).fromMs + quarterMs, toMs: seal(0).toMs + quarterMs }),
        seal(-2, { toMs: seal(1).toMs }),
      ];
      for (const one of again) expect(await store.commitSeals(only(one), silent)).toEqual([]);
      expect(await store.readSeals('shop-door', whole)).toEqual([seal(0)]);
      const other = seal(0, { line: 'cafe-door' });
      expect(await store.commitSeals(only(other, seal(1)), silent)).toEqual([other, seal(1)]);
    });

    test('of processes that seal the same hour at once are taken from one of them', async () => {
      const others = await Promise.all([1, 2, 3].map(() => bed.open()));
      const noted: Seal[] = [];
      const taken = await Promise.all(
        others.map((other, index) =>
          other.commitSeals(only(seal(0, { in: index }), seal(1, { in: index })), (seals) =>
            noted.push(...seals),
          ),
        ),
      );
      expect(taken.map(({ length }) => length).sort()).toEqual([0, 0, 2]);
      expect(noted).toEqual(taken.flat());
      expect(await store.readSeals('shop-door', whole)).toEqual(taken.flat());
      await Promise.all(others.map((other) => other.close()));
    });

    test('are noted before they are there, and are not there where the note failed', async () => {
      const failing = () => {
        throw new Error('the disk of the seal file is full');
      };
      await expect(store.commitSeals(only(seal(0)), failing)).rejects.toThrow('seal file is full');
      expect(await store.readSeals('shop-door', whole)).toEqual([]);
      const noted: Seal[] = [];
      await store.commitSeals(only(seal(0), seal(1)), (seals) => noted.push(...seals));
      expect(noted).toEqual([seal(0), seal(1)]);
    });

    test('learn of every quarter in which a crossing sensor received data, with its first moment', async () => {
      await store.commitBatch(admitted([crossing(1), crossing(20)], { receivedAtMs: sampleStart + 5_000 }));
      await store.commitBatch(admitted([crossing(21)], { receivedAtMs: sampleStart + 9_000 }));
      await store.commitBatch(admitted([motion(1)], { device: 'pir-1' }));
      const first = { firstDataMs: sampleStart + 5_000 };
      expect(await store.readUnsettled(door, 100)).toEqual([
        { startMs: sampleStart, ...first, lastDataMs: sampleStart + 5_000, touches: 1 },
        { startMs: sampleStart + quarterMs, ...first, lastDataMs: sampleStart + 9_000, touches: 2 },
      ]);
      expect(await store.readUnsettled(door, 1)).toHaveLength(1);
      expect(await store.readUnsettled({ device: 'pir-1', sensor: 'pir' }, 100)).toEqual([]);
    });

    test('settle what was read and leave what has received more since', async () => {
      await store.commitBatch(admitted([crossing(1), crossing(20)]));
      const quarters = await store.readUnsettled(door, 100);
      await store.commitBatch(admitted([crossing(21)]));
      await store.commitSeals({ seals: [], settled: [{ ...door, quarters }], late: [] }, silent);
      const left = await store.readUnsettled(door, 100);
      expect(left).toMatchObject([{ startMs: sampleStart + quarterMs, touches: 2 }]);
    });

    test('are marked late and keep their numbers', async () => {
      await store.commitSeals(only(seal(0), seal(1)), silent);
      const late = [{ line: 'shop-door', startMs: seal(1).fromMs }];
      await store.commitSeals({ seals: [], settled: [], late }, silent);
      expect(await store.readSeals('shop-door', whole)).toEqual([seal(0), seal(1, { late: true })]);
    });

    test('are withheld before a moment that never moves back; the book keeps its id', async () => {
      const { id, ...fresh } = await store.readSealBook();
      expect(fresh).toEqual({ seals: 0, withheldBeforeMs: 0, hasFile: false });
      await store.markSealBook({ withheldBeforeMs: seal(1).fromMs });
      await store.markSealBook({ hasFile: true, withheldBeforeMs: 5 });
      await store.markSealBook({});
      expect(await store.commitSeals(only(seal(0), seal(1)), silent)).toEqual([seal(1)]);
      await store.close();
      store = await bed.open();
      const book = { id, seals: 1, withheldBeforeMs: seal(1).fromMs, hasFile: true };
      expect(await store.readSealBook()).toEqual(book);
    });

    test('have no retention; quarters that nobody could seal are given up in the end', async () => {
      await store.commitSeals(only(seal(0)), silent);
      await store.commitBatch(admitted([crossing(1)]));
      const keepDays = { minutes: 1, quarters: 1, hours: 1, days: 1 };
      const upkeep = (days: number) =>
        store.upkeep({ nowMs: sampleStart + days * 24 * hourMs, keepDays, compactAfterDays: 40 });
      await upkeep(399);
      expect(await store.readUnsettled(door, 10)).toHaveLength(1);
      await upkeep(401);
      expect(await store.readUnsettled(door, 10)).toEqual([]);
      expect(await store.readSeals('shop-door', whole)).toEqual([seal(0)]);
    });

    test('know how each site is protected', async () => {
      const site = { name: 'x', organisation: '', town: '', timeZone: 'Europe/Berlin' };
      const protection = { epsilon: 0.5, cellMinutes: 15 as const };
      const sites = [
        { id: 'shop', ...site, protection },
        { id: 'cafe', ...site },
      ];
      await store.applySetup({ sites, lines: [], assignments: [] });
      expect((await store.readDirectory()).sites).toEqual(sites);
    });
  });
}
