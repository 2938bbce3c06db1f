import { expect, test } from 'vitest';
import type { CountingSite } from '../../../edge-agent/count/counting-site.ts';
import { createCrossingEngine } from '../../../edge-agent/count/crossing-engine.ts';
import type { SensorFlag } from '../../../gateway/contract/count-batch.ts';
import { SeededRandom } from '../../../hardware/emulated/walks/seeded-random.ts';
import { type FindingList, play, type TestReading } from './finding-list.ts';

const floorMm = 2500;
const site: CountingSite = {
  geometry: 'ceiling',
  mountingHeightMm: floorMm,
  zones: [
    { id: 0, side: 'outside', lane: 0, idleMm: null, idleDeviationMm: null },
    { id: 1, side: 'inside', lane: 0, idleMm: null, idleDeviationMm: null },
  ],
};

/** What a zone shows at a time; null is a reading that never came. */
type Scene = (t: number, zone: number) => { readonly mm: number; readonly status?: number } | null;

/** Twenty readings a second a zone, with a VL53L1X's noise where the scene is the floor. */
function watch(seconds: number, scene: Scene, at: CountingSite = site): FindingList {
  const random = new SeededRandom(1, 'sensor watch');
  const readings: TestReading[] = [];
  for (let step = 0; step < seconds * 40; step++) {
    const t = step / 40;
    const zone = step % 2;
    const seen = scene(t, zone);
    if (seen === null) continue;
    const mm = seen.mm === floorMm ? Math.round(floorMm + 8 * random.normal()) : seen.mm;
    readings.push({ t, zone, mm, status: seen.status ?? 0 });
  }
  return play(createCrossingEngine(at), readings);
}

/** Start and end of the only span of a flag. */
function spanOf(found: FindingList, flag: SensorFlag): readonly [number, number | null] {
  const spans = found.flags.filter((span) => span.flag === flag);
  expect(spans.length, `${flag}: raised once, ended at most once`).toBeGreaterThan(0);
  expect(spans.filter((span) => span.toSeconds === null)).toHaveLength(1);
  const last = spans.at(-1)!;
  return [last.fromSeconds, last.toSeconds];
}

const floor = { mm: floorMm };

test('an empty floor raises no flag, no crossing and no path', () => {
  const found = watch(120, () => floor);
  expect(found.flags).toEqual([]);
  expect(found.crossings).toEqual([]);
  expect(found.rejections).toEqual([]);
});

test('a reading repeated for ever is a frozen sensor from its first repetition', () => {
  const found = watch(60, (t) => (t < 20 || t > 45 ? floor : { mm: 2493 }));
  const [from, to] = spanOf(found, 'frozen-reading');
  expect(Math.abs(from! - 20)).toBeLessThan(1);
  expect(Math.abs(to! - 45)).toBeLessThan(1);
  expect(found.crossings).toEqual([]);
});

test('a sensor that freezes while somebody stands underneath counts nobody and rejects the path as its own fault', () => {
  const kinds: CountingSite[] = [site, { ...site, kind: 'vl53l1x' }, { ...site, geometry: 'side' }];
  for (const kind of kinds) {
    const found = watch(90, (t) => (t < 20 || t > 60 ? floor : { mm: 831 }), kind);
    expect(spanOf(found, 'frozen-reading')[0]).toBeGreaterThan(19);
    expect(found.crossings).toEqual([]);
    expect(found.rejections.map(({ reason }) => reason)).toEqual(['sensor-fault']);
  }
});

test('one frozen zone makes neither people nor a path a reading of who passes the other one', () => {
  const walks = [60, 75, 90];
  const found = watch(
    120,
    (t, zone) =>
      zone === 0 && t > 20
        ? { mm: 2497 }
        : zone === 1 && walks.some((at) => Math.abs(t - at) < 0.3)
          ? { mm: 820 + Math.round(1000 * Math.abs(t % 0.07)) }
          : floor,
    { ...site, kind: 'vl53l1x' },
  );
  expect(spanOf(found, 'frozen-reading')[0]).toBeGreaterThan(19);
  expect(found.crossings).toEqual([]);
  expect(found.rejections.length).toBeGreaterThan(0);
  expect(found.rejections.length).toBeLessThanOrEqual(walks.length);
});

test('a zone that stops answering is flagged from its last reading to its next', () => {
  const found = watch(60, (t, zone) => (zone === 1 && t > 20 && t < 40 ? null : floor));
  const [from, to] = spanOf(found, 'no-answer');
  expect(Math.abs(from! - 20)).toBeLessThan(1);
  expect(Math.abs(to! - 40)).toBeLessThan(1);
});

test('a zone that never reports is flagged from the start', () => {
  const found = watch(30, (_, zone) => (zone === 1 ? null : floor));
  expect(spanOf(found, 'no-answer')).toEqual([0, null]);
});

test('sunlight that swamps the sensor is flagged and invents nobody', () => {
  const random = new SeededRandom(2, 'sun');
  const found = watch(120, (t) =>
    t > 40 && t < 80 && random.chance(0.8) ? { mm: random.between(0, 4000), status: 4 } : floor,
  );
  const [from, to] = spanOf(found, 'sunlight');
  expect(from).toBeGreaterThan(38);
  expect(from).toBeLessThan(45);
  expect(to).toBeGreaterThan(80);
  expect(to).toBeLessThan(86);
  expect(found.crossings).toEqual([]);
});

test('something that stays under the sensor for more than a minute blocks the view', () => {
  const random = new SeededRandom(3, 'box');
  const found = watch(200, (t) =>
    t > 30 && t < 150 ? { mm: Math.round(900 + 4 * random.normal()) } : floor,
  );
  const [from, to] = spanOf(found, 'blocked-view');
  expect(Math.abs(from! - 30)).toBeLessThan(1);
  expect(Math.abs(to! - 150)).toBeLessThan(1);
  expect(found.crossings).toEqual([]);
});

test('a floor that creeps away from what was measured is flagged while it is away', () => {
  const random = new SeededRandom(4, 'drift');
  const drift = (t: number) => 160 * Math.sin((Math.PI * t) / 900);
  const found = watch(900, (t) => ({ mm: Math.round(floorMm - drift(t) + 8 * random.normal()) }));
  const [from, to] = spanOf(found, 'drifted-floor');
  expect(from).toBeGreaterThan(100);
  expect(to).toBeGreaterThan(600);
  expect(found.crossings).toEqual([]);
});

test('somebody underneath at the start is flagged until they leave and never becomes the floor', () => {
  const random = new SeededRandom(5, 'start');
  const found = watch(120, (t) =>
    t < 40 ? { mm: Math.round(800 + 10 * random.normal() + 20 * Math.sin(t)) } : floor,
  );
  const [from, to] = spanOf(found, 'occupied-start');
  expect(from).toBe(0);
  expect(Math.abs(to! - 40)).toBeLessThan(1);
  expect(found.flags.some((span) => span.flag === 'drifted-floor')).toBe(false);
});
