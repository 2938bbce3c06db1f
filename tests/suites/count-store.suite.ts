import { describe, expect, test } from 'vitest';
import { sensorFlags } from '../../gateway/contract/count-batch.ts';
import { type AccountedRange, missingRanges } from '../../gateway/store/account.ts';
import {
  BatchLimitError,
  type CountStore,
  epochsPerDeviceMax,
  rangesPerEpochMax,
  type Setup,
} from '../../gateway/store/count-store.ts';
import {
  admitted,
  crossing,
  minuteOf,
  motion,
  presence,
  refused,
  sampleEpoch,
  sampleStart,
} from '../gateway/sample-intervals.ts';
import { type StoreBed, sampleHours, storeOfEachTest } from './store-bed.ts';

const hourMs = 3_600_000;

/** What every store does, whatever database keeps the counts. */
export function countStoreSuite(name: string, openBed: () => Promise<StoreBed>): void {
  describe(`the count store in ${name}`, () => {
    let store: CountStore;
    const bed = storeOfEachTest(openBed, (opened) => {
      store = opened;
    });

    test('a batch is stored and accounted for in one step', async () => {
      const outcome = await store.commitBatch(admitted([crossing(1), crossing(2)]));
      expect(outcome).toMatchObject({ stored: 2, duplicates: 0, reused: 0 });
      expect(outcome.account).toMatchObject({ device: 'shop-1', epoch: sampleEpoch, through: 2, sent: 2 });
      expect(await store.readAccounts('shop-1')).toEqual([outcome.account]);
    });

    test('the same batch again changes nothing', async () => {
      const first = await store.commitBatch(admitted([crossing(1), crossing(2)]));
      const sums = await store.readCells(sampleHours);
      const again = await store.commitBatch(admitted([crossing(1), crossing(2)]));
      expect(again).toEqual({ ...first, stored: 0, duplicates: 2 });
      expect(await store.readCells(sampleHours)).toEqual(sums);
    });

    test('intervals in any order end in the same books and sums', async () => {
      for (const sequence of [5, 1, 4, 2, 3]) await store.commitBatch(admitted([crossing(sequence)]));
      const [account] = await store.readAccounts('shop-1');
      expect(account?.ranges).toEqual([{ from: 1, to: 5, disposition: 'stored' }]);
      expect(account?.through).toBe(5);
      expect((await store.readCells(sampleHours)).map((cell) => cell.in)).toEqual([15]);
    });

    test('a gap keeps through below it and shows as missing', async () => {
      const { account } = await store.commitBatch(admitted([crossing(1), crossing(4), crossing(6)]));
      expect(account.through).toBe(1);
      expect(missingRanges(account)).toEqual([
        [2, 3],
        [5, 5],
      ]);
    });

    test('refused sequences leave no hole and are not stored', async () => {
      const { account } = await store.commitBatch(
        admitted([crossing(1), crossing(4)], { refused: [refused(2, 3)] }),
      );
      expect(account.through).toBe(4);
      const late = await store.commitBatch(admitted([crossing(2)]));
      expect(late.stored).toBe(0);
      expect((await store.readCells(sampleHours)).map((cell) => cell.in)).toEqual([6]);
    });

    test('what the device no longer holds is gone, and stored if it arrives after all', async () => {
      const { account } = await store.commitBatch(admitted([crossing(11)], { oldestHeld: 11 }));
      expect(account.through).toBe(11);
      expect(account.ranges[0]).toEqual({ from: 1, to: 10, disposition: 'gone' });
      const late = await store.commitBatch(admitted([crossing(5)]));
      expect(late.stored).toBe(1);
      expect(late.account.through).toBe(11);
      expect(late.account.ranges.map(({ disposition }) => disposition)).toEqual([
        'gone',
        'stored',
        'gone',
        'stored',
      ]);
    });

    test('the same sequence with other contents never overwrites', async () => {
      await store.commitBatch(admitted([crossing(1, { in: 3 })]));
      const reused = await store.commitBatch(admitted([crossing(1, { in: 9 }), crossing(2)]));
      expect(reused).toMatchObject({ stored: 1, duplicates: 0, reused: 1 });
      expect(reused.account.reused).toEqual([{ from: 1, to: 1, disposition: 'sequence-reused' }]);
      expect((await store.readCells(sampleHours)).map((cell) => cell.in)).toEqual([6]);
    });

    test('the same sequence twice in one batch is stored once', async () => {
      const outcome = await store.commitBatch(admitted([crossing(1), crossing(1), crossing(1, { in: 7 })]));
      expect(outcome).toMatchObject({ stored: 1, duplicates: 1, reused: 1 });
    });

    test('an interval that a copied card sends under another key is known, whichever came first', async () => {
      const origin = 'a1b2c3d4e5f60718';
      const copy = { epoch: 'ffeeddccbbaa9988' };
      await store.commitBatch(admitted([crossing(1, { origin })]));
      const again = await store.commitBatch(
        admitted(
          [crossing(1, { origin }), crossing(2)].map((each, at) => ({ ...each, sequence: at + 7 })),
          copy,
        ),
      );
      expect(again).toMatchObject({ stored: 1, repeated: 1, duplicates: 0, reused: 0, overlapping: 0 });
      expect(again.account.ranges).toEqual([
        { from: 7, to: 7, disposition: 'repeated' },
        { from: 8, to: 8, disposition: 'stored' },
      ]);
      expect((await store.readCells(sampleHours)).map((cell) => cell.in)).toEqual([6]);
      const more = admitted([{ ...crossing(1, { origin }), sequence: 7 }], copy);
      expect(await store.commitBatch(more)).toMatchObject({ stored: 0, duplicates: 1, repeated: 0 });
    });

    test('so it is where the copy has worked out another start for it, under any key', async () => {
      const estimated = { origin: 'a1b2c3d4e5f60718', clock: 'estimated' as const };
      await store.commitBatch(admitted([crossing(1, estimated)]));
      const elsewhere = { ...estimated, start: minuteOf(90) };
      const other = admitted([crossing(4, elsewhere)], { epoch: 'ffeeddccbbaa9988' });
      expect(await store.commitBatch(other)).toMatchObject({ stored: 0, repeated: 1 });
      for (const start of [minuteOf(9), minuteOf(90)]) {
        const own = await store.commitBatch(admitted([crossing(1, { ...elsewhere, start })]));
        expect(own).toMatchObject({ stored: 0, duplicates: 1, reused: 0 });
      }
      expect((await store.readCells(sampleHours)).map((cell) => cell.in)).toEqual([3]);
    });

    test('what was closed at the same time by another copy of the card is stored, and flagged', async () => {
      const first = await store.commitBatch(admitted([crossing(1, { origin: '00000000000000a1' })]));
      expect(first.overlapping).toBe(0);
      const other = { origin: '00000000000000b2', start: new Date(sampleStart + 30_000).toISOString() };
      const second = await store.commitBatch(
        admitted([crossing(1, other), crossing(3)], { epoch: 'ffeeddccbbaa9988' }),
      );
      expect(second).toMatchObject({ stored: 2, repeated: 0, overlapping: 1 });
      const [cell] = await store.readCells(sampleHours);
      expect(cell).toMatchObject({ in: 9, flags: 1 << sensorFlags.indexOf('overlapping') });
    });

    test('epochs and devices keep books of their own', async () => {
      const other = 'ffeeddccbbaa9988';
      await store.commitBatch(admitted([crossing(1)]));
      await store.commitBatch(admitted([crossing(1, { start: minuteOf(9) })], { epoch: other }));
      await store.commitBatch(admitted([crossing(1)], { device: 'shop-2' }));
      expect((await store.readAccounts('shop-1')).map(({ epoch }) => epoch)).toEqual([sampleEpoch, other]);
      expect(await store.readAccounts()).toHaveLength(3);
      expect((await store.readCells(sampleHours)).map((cell) => cell.in)).toEqual([6]);
    });

    test('everything is still there after it was closed and opened', async () => {
      const { account } = await store.commitBatch(
        admitted([crossing(1), crossing(3)], { refused: [refused(5, 6)] }),
      );
      const sums = await store.readCells(sampleHours);
      const { id } = store;
      await bed.reopen();
      expect(store.id).toBe(id);
      expect(await store.readAccounts('shop-1')).toEqual([account]);
      expect(await store.readCells(sampleHours)).toEqual(sums);
      expect((await store.commitBatch(admitted([crossing(1)]))).duplicates).toBe(1);
    });

    test('a device cannot make any table grow without bound', async () => {
      const epochOf = (number: number) => number.toString(16).padStart(16, '0');
      const refused: AccountedRange[] = Array.from({ length: rangesPerEpochMax + 1 }, (_, index) => {
        const sequence = 2 * index + 1;
        return { from: sequence, to: sequence, disposition: 'invalid' };
      });
      await expect(store.commitBatch(admitted([crossing(2)], { refused }))).rejects.toThrow(BatchLimitError);
      for (let number = 0; number < epochsPerDeviceMax; number += 1) {
        await store.commitBatch(admitted([crossing(1)], { epoch: epochOf(number) }));
      }
      const further = admitted([crossing(1)], { epoch: epochOf(epochsPerDeviceMax) });
      await expect(store.commitBatch(further)).rejects.toThrow(BatchLimitError);
      // Nothing is half done, and what is known goes on.
      expect(await store.readAccounts('shop-1')).toHaveLength(epochsPerDeviceMax);
      expect((await store.commitBatch(admitted([crossing(2)], { epoch: epochOf(7) }))).account.through).toBe(
        2,
      );
      // Four hundred transactions on a machine that is busy.
    }, 60_000);

    test('hours from the roll-up equal the sums of the minutes, for every kind', async () => {
      const minutes = Array.from({ length: 200 }, (_, index) => index + 1);
      await store.commitBatch(
        admitted(
          minutes.map((sequence) => {
            const coverageSeconds = sequence % 7 === 0 ? 0 : 31.25;
            if (sequence % 3 === 0) return motion(sequence, { coverageSeconds });
            if (sequence % 3 === 1) return presence(sequence, { coverageSeconds });
            const seen = coverageSeconds > 0 ? { in: sequence % 5, out: 2 } : { in: 0, out: 0 };
            return crossing(sequence, { coverageSeconds, ...seen });
          }),
        ),
      );
      for (const [sensor, kind] of [
        ['door', 'crossing'],
        ['pir', 'motion'],
        ['wifi', 'presence'],
      ] as const) {
        const hours = await store.readCells({ ...sampleHours, sensor, kind });
        const quarters = await store.readCells({ ...sampleHours, sensor, kind, cellSeconds: 900 });
        expect(quarters.length).toBeGreaterThan(hours.length);
        for (const hour of hours) {
          const within = quarters.filter(({ startMs }) => startMs - (startMs % hourMs) === hour.startMs);
          for (const [field, value] of Object.entries(hour)) {
            if (field === 'startMs') continue;
            const sum = within.reduce((total, cell) => total + cell[field as keyof typeof cell], 0);
            expect(sum, `${kind} ${field}`).toBeCloseTo(value, 6);
          }
        }
      }
    });

    test('an interval in which nobody looked adds time and no value', async () => {
      await store.commitBatch(admitted([presence(1), presence(2, { coverageSeconds: 0 })]));
      for (const cellSeconds of [300, 3600] as const) {
        const [cell] = await store.readCells({
          ...sampleHours,
          sensor: 'wifi',
          kind: 'presence',
          cellSeconds,
        });
        expect(cell).toMatchObject({ measured: 1, durationSeconds: 120, coverageSeconds: 60, frames: 120 });
        expect(cell).toMatchObject({ indicator: 17.5, variance: 9 });
      }
    });

    test('a range that cuts an hour counts whole minutes only within it', async () => {
      await store.commitBatch(admitted([1, 2, 3, 4].map((sequence) => crossing(sequence))));
      const cut = { ...sampleHours, fromMs: sampleStart + 60_000, toMs: sampleStart + 180_000 };
      expect((await store.readCells(cut)).map((cell) => cell.in)).toEqual([6]);
    });

    test('the directory knows devices by their status, and a setup may be applied again', async () => {
      const status = {
        version: 1 as const,
        online: true,
        software: '0.1.0',
        bootId: 'b0',
        startedAt: null,
        epoch: sampleEpoch,
        profile: '0000000000000000',
        clock: 'synced' as const,
        wifiMode: 'off' as const,
        sensors: [],
        health: { outboxHeld: 0, outboxFull: false, epochReason: 'first' as const },
      };
      await store.recordStatus('shop-1', status, sampleStart);
      await store.commitBatch(admitted([crossing(1)], { receivedAtMs: sampleStart + 5 }));
      await store.applySetup(setup);
      await store.applySetup(setup);
      const directory = await store.readDirectory();
      expect(directory).toMatchObject(setup);
      expect(directory.devices).toEqual([
        { device: 'shop-1', firstSeenMs: sampleStart, lastSeenMs: sampleStart + 5, status },
      ]);
      expect(directory.sensors).toEqual([{ device: 'shop-1', sensor: 'door', kind: 'crossing' }]);
      await store.applySetup({ sites: [], lines: [], assignments: [] });
      expect((await store.readDirectory()).lines).toEqual([]);
    });
  });
}

const setup: Setup = {
  sites: [
    { id: 'shop', name: 'Shop', organisation: 'Lange', town: 'Iserlohn', timeZone: 'Europe/Berlin' },
    {
      id: 'square',
      name: 'Square',
      organisation: 'Town',
      town: 'Iserlohn',
      timeZone: 'Europe/Berlin',
      details: { place: { latitude: 51.3757, longitude: 7.702 }, privacy: { contact: 'mail@example.org' } },
    },
  ],
  lines: [{ id: 'shop-door', site: 'shop', name: 'Door', role: 'entrance', kind: 'crossing' }],
  assignments: [
    {
      line: 'shop-door',
      device: 'shop-1',
      sensor: 'door',
      role: 'counts',
      lane: 0,
      sign: -1,
      fromMs: null,
      untilMs: sampleStart,
    },
  ],
};
