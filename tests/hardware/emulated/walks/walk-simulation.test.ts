import { describe, expect, test } from 'vitest';
import { walkProfileNames, walkProfiles } from '../../../../hardware/emulated/walks/walk-profiles.ts';
import { simulateWalks, type WalkSimulation } from '../../../../hardware/emulated/walks/walk-simulation.ts';
import { zonesMax } from '../../../../hardware/sensor.ts';

const base = { profile: 'quiet', seed: 7, mountingHeightMm: 2500, minutes: 2 } as const;

/** Readings with a good status of a zone while nobody is within two seconds. */
function idleDistances(simulation: WalkSimulation, zone: number): number[] {
  const { readings, truth } = simulation;
  const events = [...truth.crossings, ...truth.other];
  const distances: number[] = [];
  for (let at = 0; at < readings.length; at++) {
    if (readings.zone[at] !== zone || readings.status[at] !== 0) continue;
    const seconds = readings.atSeconds[at]!;
    if (events.every((event) => Math.abs(event.atSeconds - seconds) > 2))
      distances.push(readings.distanceMm[at]!);
  }
  return distances.sort((one, next) => one - next);
}

const median = (sorted: readonly number[]) => sorted[Math.floor(sorted.length / 2)]!;

describe('a simulation', () => {
  test('is the same again with the same seed and another one with another', () => {
    const first = simulateWalks(base);
    const again = simulateWalks(base);
    expect(again.readings.distanceMm).toEqual(first.readings.distanceMm);
    expect(again.readings.atSeconds).toEqual(first.readings.atSeconds);
    expect(again.truth).toEqual(first.truth);
    expect(simulateWalks({ ...base, seed: 8 }).truth).not.toEqual(first.truth);
  });

  test('has the same people whatever the noise, the rate and the number of zones', () => {
    const { truth } = simulateWalks(base);
    expect(simulateWalks({ ...base, noise: 4 }).truth).toEqual(truth);
    expect(simulateWalks({ ...base, readingsPerSecond: 24 }).truth).toEqual(truth);
    expect(simulateWalks({ ...base, zones: 'four' }).truth).toEqual(truth);
  });

  test('reads the mounting height over the empty floor, at every height', () => {
    for (const mountingHeightMm of [2200, 2500, 3000]) {
      const simulation = simulateWalks({ ...base, profile: 'easy', mountingHeightMm });
      for (const zone of [0, 1]) {
        const read = median(idleDistances(simulation, zone));
        // Slant up to 3 %, an offset of the region up to 20 mm, drift up to 1 %.
        expect(Math.abs(read - mountingHeightMm * 1.012)).toBeLessThan(20 + 0.03 * mountingHeightMm);
      }
    }
  });

  test('scales its noise', () => {
    const spread = (noise: number) => {
      const sorted = idleDistances(simulateWalks({ ...base, profile: 'easy', noise }), 0);
      return sorted[Math.floor(sorted.length * 0.84)]! - median(sorted);
    };
    expect(spread(1)).toBeGreaterThan(4);
    expect(spread(1)).toBeLessThan(30);
    expect(spread(5) / spread(1)).toBeGreaterThan(3);
  });

  test('measures its zones in turn at the rate that was asked for, in rising time', () => {
    for (const [zones, readingsPerSecond] of [
      ['two', 24],
      ['two', 40],
      ['three', 60],
      ['four', 100],
    ] as const) {
      const { readings, durationSeconds } = simulateWalks({ ...base, zones, readingsPerSecond });
      const rate = readings.length / durationSeconds;
      expect(rate).toBeGreaterThan(readingsPerSecond * 0.9);
      expect(rate).toBeLessThan(readingsPerSecond * 1.02);
      for (let at = 1; at < readings.length; at++) {
        expect(readings.atSeconds[at]!).toBeGreaterThan(readings.atSeconds[at - 1]!);
      }
      expect(Math.max(...readings.zone.subarray(0, readings.length))).toBeLessThan(zonesMax);
    }
  });

  test('gives bad statuses at the rate that was asked for', () => {
    const { readings } = simulateWalks({ ...base, profile: 'easy', statusRate: 0.2 });
    const bad = readings.status.subarray(0, readings.length).filter((status) => status !== 0).length;
    expect(Math.abs(bad / readings.length - 0.2)).toBeLessThan(0.03);
  });

  test('drowns readings in spells of strong sun, and only there', () => {
    const simulation = simulateWalks({ ...base, profile: 'sun', minutes: 10, seed: 3 });
    expect(simulation.sunSeconds.length).toBeGreaterThan(0);
    const tally = { sun: [0, 0], shade: [0, 0] };
    const { readings } = simulation;
    for (let at = 0; at < readings.length; at++) {
      const seconds = readings.atSeconds[at]!;
      const sunny = simulation.sunSeconds.some(([from, to]) => seconds > from + 4 && seconds < to - 4);
      const cell = sunny ? tally.sun : tally.shade;
      cell[readings.status[at] === 0 ? 0 : 1]!++;
    }
    const share = ([good, bad]: number[]) => bad! / (good! + bad!);
    expect(share(tally.sun)).toBeGreaterThan(3 * share(tally.shade));
  });

  test('begins with somebody underneath in the profile of that name', () => {
    const { readings } = simulateWalks({ ...base, profile: 'occupied-start' });
    const first = Array.from(readings.distanceMm.subarray(0, 200)).sort((one, next) => one - next);
    expect(median(first)).toBeLessThan(2000);
  });
});

describe.each(walkProfileNames)('profile %s', (profile) => {
  const simulation = simulateWalks({ profile, seed: 5, mountingHeightMm: 2480, minutes: 6 });
  const { crossings, other } = simulation.truth;

  test('has people who cross both ways, at times within the recording and in order', () => {
    expect(crossings.filter(({ direction }) => direction === 'in').length).toBeGreaterThan(0);
    expect(crossings.filter(({ direction }) => direction === 'out').length).toBeGreaterThan(0);
    let last = 0;
    for (const { atSeconds, untilSeconds } of crossings) {
      expect(atSeconds).toBeGreaterThanOrEqual(last);
      expect(untilSeconds ?? atSeconds).toBeGreaterThanOrEqual(atSeconds);
      expect(untilSeconds ?? atSeconds).toBeLessThan(simulation.durationSeconds);
      last = atSeconds;
    }
    expect(walkProfiles[profile].description).not.toBe('');
  });

  test('shows nearly every person: something is nearer than the floor when they cross', () => {
    const { readings } = simulation;
    let seen = 0;
    for (const { atSeconds } of crossings) {
      let nearest = Number.POSITIVE_INFINITY;
      for (let at = 0; at < readings.length; at++) {
        if (readings.status[at] !== 0 || Math.abs(readings.atSeconds[at]! - atSeconds) > 0.3) continue;
        nearest = Math.min(nearest, readings.distanceMm[at]!);
      }
      if (nearest < 2480 - 250) seen++;
    }
    expect(seen / crossings.length).toBeGreaterThan(0.9);
  });

  test('names what else comes under the sensor', () => {
    const kinds = new Set(other.map(({ kind }) => kind));
    if (profile === 'objects') expect(kinds).toContain('object');
    if (profile === 'door') expect(kinds).toContain('door');
    if (profile === 'uturn') expect(kinds).toContain('uturn');
    if (profile === 'easy' || profile === 'fast' || profile === 'tailgate') expect(kinds.size).toBe(0);
  });
});

test('two busy minutes are simulated in under four seconds, thirty times faster than real time', () => {
  const began = performance.now();
  simulateWalks({ ...base, profile: 'busy' });
  expect(performance.now() - began).toBeLessThan(4000);
});
