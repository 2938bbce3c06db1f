import { describe, expect, test } from 'vitest';
import { PresenceFloor, peoplePresent } from '../../../gateway/contract/presence-model.ts';
import type { PresenceModel } from '../../../gateway/contract/site-profile.ts';

const model: PresenceModel = {
  mode: 'rate',
  fittedAt: '2024-04-18T21:35:00Z',
  windowSeconds: 300,
  floor: 10,
  factor: 0.2,
  exponent: 1,
  standardErrorPeople: 2,
  standardErrorGrowthPerDay: 0.01,
  windows: 100,
};
const fittedAt = Date.parse(model.fittedAt) / 1000;
const reading = {
  startEpochSeconds: fittedAt,
  durationSeconds: 300,
  coverageSeconds: 300,
  indicator: 110,
  standardError: 8,
};

describe('the presence model', () => {
  test('turns what lies above the floor into people', () => {
    expect(peoplePresent(model, reading)).toEqual({ people: 20, standardError: 2 });
    expect(peoplePresent(model, { ...reading, indicator: 3 })?.people).toBe(0);
  });

  test('states a larger error with its age, in both directions of time', () => {
    const yearSeconds = 365 * 86_400;
    for (const startEpochSeconds of [fittedAt + yearSeconds, fittedAt - yearSeconds]) {
      expect(peoplePresent(model, { ...reading, startEpochSeconds })?.standardError).toBeCloseTo(9.3, 6);
    }
  });

  test('knows nothing of a window that nobody listened to', () => {
    expect(peoplePresent(model, { ...reading, coverageSeconds: 0, indicator: 0 })).toBeNull();
  });

  test('scales a window heard in part to a whole one, and says how much less sure that is', () => {
    const half = peoplePresent(model, { ...reading, coverageSeconds: 150, indicator: 55 })!;
    expect(half.people).toBeCloseTo(20, 6);
    expect(half.standardError).toBeGreaterThan(2);
  });

  test('follows a day on which the stationary devices are off, without knowing the truth', () => {
    const floor = new PresenceFloor({ ...model, floor: 40 });
    for (let window = 0; window < 11; window += 1) expect(floor.follow(5)).toBe(40);
    expect(floor.follow(5)).toBe(5);
    expect(floor.now).toBe(5);
  });

  test('never raises the floor: people who stay look like devices that stay', () => {
    const floor = new PresenceFloor(model);
    for (let window = 0; window < 100; window += 1) expect(floor.follow(200)).toBe(10);
  });
});
