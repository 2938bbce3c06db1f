import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CountingSite } from '../../../edge-agent/count/counting-site.ts';
import { createCrossingEngine } from '../../../edge-agent/count/crossing-engine.ts';
import { SeededRandom } from '../../../hardware/emulated/walks/seeded-random.ts';
import { simulateWalks } from '../../../hardware/emulated/walks/walk-simulation.ts';
import { distanceChunk } from '../../../hardware/sensor.ts';
import { FindingList, play, type TestReading } from './finding-list.ts';

const heightMm = 2500;

/** Who judges: rules about heads alone, or these with the network, which knows one kind of sensor. */
const judges = ['heads', 'network'] as const;
type Judge = (typeof judges)[number];

function siteOf(
  judge: Judge,
  sides: readonly ['outside' | 'inside', 'outside' | 'inside'] = ['outside', 'inside'],
): CountingSite {
  return {
    ...(judge === 'network' ? { kind: 'vl53l1x' as const } : {}),
    geometry: 'ceiling',
    mountingHeightMm: heightMm,
    zones: sides.map((side, id) => ({ id, side, lane: 0, idleMm: null, idleDeviationMm: null })),
  };
}

/** Two minutes of walks as the tests' own readings. */
function walks(profile: 'easy' | 'quiet' | 'busy', seed: number, minutes = 2): TestReading[] {
  const { readings } = simulateWalks({ profile, seed, mountingHeightMm: heightMm, minutes });
  return Array.from({ length: readings.length }, (_, index) => ({
    t: readings.atSeconds[index]!,
    zone: readings.zone[index]!,
    mm: readings.distanceMm[index]!,
    status: readings.status[index]!,
  }));
}

const totals = (found: FindingList) => ({
  in: found.crossings.filter(({ direction }) => direction === 'in').length,
  out: found.crossings.filter(({ direction }) => direction === 'out').length,
});

const countAt =
  (site: CountingSite) =>
  (readings: readonly TestReading[], at: CountingSite = site) =>
    totals(play(createCrossingEngine(at), readings));

const seeds = fc.integer({ min: 1, max: 10_000 });
const runs = { numRuns: 12 } as const;

/** Somebody who walks through: stature, speed, direction and the pause before the next one. */
const walker = fc.record({
  // Two passings the opposite way with one and the same top above 1.85 m are a door leaf.
  statureMm: fc.integer({ min: 900, max: 1840 }),
  metresPerSecond: fc.double({ min: 0.6, max: 1.8, noNaN: true }),
  towards: fc.constantFrom(1, -1),
  pauseSeconds: fc.integer({ min: 6, max: 12 }),
});

/** Smooth bodies over a still floor, one after the other; zones 20 cm apart, read in turn. */
function passages(walkers: readonly (typeof walker extends fc.Arbitrary<infer T> ? T : never)[]) {
  const readings: TestReading[] = [];
  let from = 0;
  for (const { statureMm, metresPerSecond, towards, pauseSeconds } of walkers) {
    const middle = from + pauseSeconds / 2;
    for (let step = 0; step < pauseSeconds * 40; step++) {
      const t = from + step / 40;
      const zone = step % 2;
      const place = towards * metresPerSecond * (t - middle) - (zone - 0.5) * 0.2;
      readings.push({ t, zone, mm: Math.round(heightMm - statureMm * Math.exp(-((place / 0.2) ** 4))) });
    }
    from += pauseSeconds;
  }
  return readings;
}

describe.each(judges)('symmetries, judged by %s', (judge) => {
  const site = siteOf(judge);
  const count = countAt(site);

  test('swapping the sides swaps in and out', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom('easy', 'quiet', 'busy'), (seed, profile) => {
        const readings = walks(profile, seed);
        const straight = count(readings);
        const swapped = count(readings, siteOf(judge, ['inside', 'outside']));
        expect(swapped).toEqual({ in: straight.out, out: straight.in });
      }),
      runs,
    );
  });

  test('shifting time changes nothing', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 1_000_000 }), (seed, shiftQuarterSeconds) => {
        const readings = walks('quiet', seed);
        // Sums of quarters are exact: rounding would move readings against each other.
        const exact = readings.map((reading) => ({ ...reading, t: Math.round(reading.t * 1024) / 1024 }));
        const shifted = exact.map((reading) => ({ ...reading, t: reading.t + shiftQuarterSeconds / 4 }));
        expect(count(shifted)).toEqual(count(exact));
      }),
      runs,
    );
  });

  test('running time backwards swaps in and out', () => {
    fc.assert(
      fc.property(fc.array(walker, { minLength: 1, maxLength: 8 }), (walkers) => {
        const readings = passages(walkers);
        const end = readings.at(-1)!.t;
        const reversed = readings.map((reading) => ({ ...reading, t: end - reading.t })).reverse();
        const straight = count(readings);
        expect(straight.in + straight.out).toBe(walkers.length);
        expect(count(reversed)).toEqual({ in: straight.out, out: straight.in });
      }),
      { numRuns: 60 },
    );
  });

  test('readings with a bad status between the others change no total', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(1, 2, 4, 7, 255), (seed, status) => {
        const readings = walks('quiet', seed);
        const mixed = readings.flatMap((reading) => [
          reading,
          { t: reading.t + 0.004, zone: reading.zone, mm: (reading.mm * 7) % 4000, status },
        ]);
        expect(count(mixed)).toEqual(count(readings));
      }),
      runs,
    );
  });
});

/** An empty floor with a VL53L1X's noise. */
function emptyFloor(seconds: number, seed = 1): TestReading[] {
  const random = new SeededRandom(seed, 'empty floor');
  return Array.from({ length: seconds * 40 }, (_, index) => ({
    t: index / 40,
    zone: index % 2,
    mm: Math.round(heightMm + 9 * random.normal()),
  }));
}

const badDistance = fc.constantFrom(
  Number.NaN,
  Number.NEGATIVE_INFINITY,
  Number.POSITIVE_INFINITY,
  -1,
  -2500,
  0,
  65_535,
  1e30,
);

describe.each(judges)('bad input, judged by %s', (judge) => {
  const site = siteOf(judge);
  const count = countAt(site);

  test('impossible distances with a good status are no people and no paths', () => {
    fc.assert(
      fc.property(seeds, badDistance, fc.integer({ min: 1, max: 7 }), (seed, mm, every) => {
        const readings = emptyFloor(30, seed).map((reading, index) =>
          index % every === 0 ? { ...reading, mm } : reading,
        );
        const found = play(createCrossingEngine(site), readings);
        expect(found.crossings).toEqual([]);
        expect(found.rejections).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('impossible and repeated times change no total', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -5, 1e300),
        (seed, t) => {
          const readings = walks('quiet', seed);
          const mixed = readings.flatMap((reading, index) =>
            index % 5 === 0 ? [reading, { ...reading, t }, reading] : [reading],
          );
          expect(count(mixed)).toEqual(count(readings));
        },
      ),
      runs,
    );
  });

  test('readings out of order change no total', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 400 }), (seed, back) => {
        const readings = walks('quiet', seed);
        const mixed = readings.flatMap((reading, index) =>
          index % 11 === 0 && index > back ? [reading, readings[index - back]!] : [reading],
        );
        expect(count(mixed)).toEqual(count(readings));
      }),
      runs,
    );
  });

  test('readings of zones that do not exist change nothing', () => {
    const readings = walks('quiet', 3);
    const mixed = readings.flatMap((reading) => [reading, { ...reading, zone: 200 }]);
    expect(count(mixed)).toEqual(count(readings));
  });

  test('hours of silence invent nobody', () => {
    const readings = [
      ...emptyFloor(10),
      ...emptyFloor(10).map((reading) => ({ ...reading, t: reading.t + 9 * 3600 })),
    ];
    const found = play(createCrossingEngine(site), readings);
    expect(found.crossings).toEqual([]);
    expect(found.flags.map(({ flag }) => flag)).toEqual(['no-answer', 'no-answer']);
  });

  test('a zone that never reports counts nobody', () => {
    const readings = walks('easy', 4).filter(({ zone }) => zone === 0);
    const found = play(createCrossingEngine(site), readings);
    expect(found.crossings).toEqual([]);
    expect(found.rejections.length).toBeGreaterThan(0);
  });

  test('any noise at all crashes nothing and settles every finding in time', () => {
    const reading = fc.record({
      t: fc.double({ min: 0, max: 60 }),
      zone: fc.integer({ min: 0, max: 3 }),
      mm: fc.double({ min: -100, max: 5000 }),
      status: fc.constantFrom(0, 0, 0, 4, 255),
    });
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 400 }), (readings) => {
        const sorted = [...readings].sort((one, other) => one.t - other.t);
        const found = play(createCrossingEngine(site), sorted);
        for (const { atSeconds, confidence } of found.crossings) {
          expect(atSeconds).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeGreaterThan(0);
          expect(confidence).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a long stream neither grows nor slows the engine', () => {
    const engine = createCrossingEngine(site);
    const chunk = distanceChunk(4000);
    const random = new SeededRandom(9, 'long stream');
    const list = new FindingList();
    let before = 0;
    // Hours without a pause: the network is asked all the time and takes longer.
    const rounds = judge === 'network' ? 40 : 500;
    for (let round = 0; round < rounds; round++) {
      chunk.length = 4000;
      for (let index = 0; index < 4000; index++) {
        const step = round * 4000 + index;
        chunk.atSeconds[index] = step / 40;
        chunk.zone[index] = step % 2;
        // Something high stands there for half of the time and a crowd of noise for the rest.
        chunk.distanceMm[index] = round % 2 === 0 ? 900 + 8 * random.normal() : random.between(300, 2500);
      }
      engine.take(chunk);
      engine.drain(list);
      if (round === 20) before = process.memoryUsage().arrayBuffers;
    }
    engine.finish();
    engine.drain(list);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    // What it makes of noise is its own affair, as long as it comes to an end.
    expect(list.rejections.length + list.crossings.length).toBeGreaterThan(0);
  });
});

test.each(judges)('findings settle within nine seconds of their time, judged by %s', (judge) => {
  const site = siteOf(judge);
  const readings = walks('busy', 6, 6);
  const engine = createCrossingEngine(site);
  const chunk = distanceChunk(1);
  let latest = 0;
  for (const reading of readings) {
    chunk.length = 1;
    chunk.atSeconds[0] = reading.t;
    chunk.zone[0] = reading.zone;
    chunk.distanceMm[0] = reading.mm;
    chunk.status[0] = reading.status ?? 0;
    engine.take(chunk);
    engine.drain({
      crossing: ({ atSeconds }) => {
        latest = Math.max(latest, reading.t - atSeconds);
      },
      rejection: () => {},
      doubt: () => {},
      flag: () => {},
    });
  }
  expect(latest).toBeGreaterThan(0);
  expect(latest).toBeLessThanOrEqual(9);
});
