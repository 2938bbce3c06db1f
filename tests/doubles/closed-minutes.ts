import type { ClosedCrossingInterval, ClosedInterval } from '../../edge-agent/interval/closed-interval.ts';

/** 2026-03-02T08:00:00Z. */
export const firstMinuteSeconds = Date.UTC(2026, 2, 2, 8) / 1000;

/** A closed minute of the sensor `door`; minute 0 begins at `firstMinuteSeconds`. */
export function closedMinute(
  minute: number,
  changes: Partial<ClosedCrossingInterval> = {},
): ClosedCrossingInterval {
  return {
    kind: 'crossing',
    sensor: 'door',
    place: { atSeconds: minute * 60, epochSeconds: firstMinuteSeconds + minute * 60 },
    durationSeconds: 60,
    coverageSeconds: 59.875,
    flags: [],
    engine: 'two-zone/1',
    profile: '0000000000000000',
    clock: 'synced',
    in: minute % 7,
    out: minute % 5,
    standardErrorIn: 0.125,
    standardErrorOut: 0.25,
    rejected: minute % 3 === 0 ? { 'turned-back': 1, 'sensor-fault': 2 } : {},
    ...changes,
  };
}

/** Closed minutes `from` to `to`, both included. */
export function closedMinutes(from: number, to: number): ClosedCrossingInterval[] {
  return Array.from({ length: to - from + 1 }, (_, at) => closedMinute(from + at));
}

/** One interval of each other kind, of the minute 0. */
export const otherKinds: readonly ClosedInterval[] = [
  {
    kind: 'motion',
    sensor: 'pir',
    place: { atSeconds: 0, epochSeconds: firstMinuteSeconds },
    durationSeconds: 60,
    coverageSeconds: 60,
    flags: ['warming-up', 'witness-disagrees'],
    engine: 'motion/1',
    profile: '00000000000000ff',
    clock: 'estimated',
    activations: 4,
    activeSeconds: 9.5,
    orderedIn: 2,
    orderedOut: 1,
  },
  {
    kind: 'presence',
    sensor: 'street',
    place: { atSeconds: 0, epochSeconds: firstMinuteSeconds },
    durationSeconds: 300,
    coverageSeconds: 299.5,
    flags: ['saturated'],
    engine: 'presence-rate/1',
    profile: '00000000000000ff',
    clock: 'synced',
    mode: 'rate',
    frames: 812,
    indicator: -3.25,
    standardError: 8.5,
    bands: [1, 0, 7, 40],
  },
];
