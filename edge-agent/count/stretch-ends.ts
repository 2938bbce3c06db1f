import type { Side } from '../../hardware/sensor.ts';
import type { HeightTrace } from './height-trace.ts';

/** Two readings of a side must agree that something is there: one may be noise. */
const readingsMin = 2;

/** The side that was covered first, or null where both sides began within a reading of each other. */
export function firstSide(outside: HeightTrace, inside: HeightTrace, lowMm: number): Side | null {
  return earlier(onset(outside, lowMm), onset(inside, lowMm));
}

/** The side that was covered last, or null where both ended together. */
export function lastSide(outside: HeightTrace, inside: HeightTrace, lowMm: number): Side | null {
  return earlier(-offset(outside, lowMm), -offset(inside, lowMm));
}

/** Zones are read in turn: an order closer than this is the order of reading. */
const tieSeconds = 0.03;

function earlier(outsideSeconds: number, insideSeconds: number): Side | null {
  const difference = insideSeconds - outsideSeconds;
  // Only one side saw anything, or neither.
  if (Number.isNaN(difference)) return null;
  if (Math.abs(difference) < tieSeconds) return null;
  return difference > 0 ? 'outside' : 'inside';
}

function onset(trace: HeightTrace, lowMm: number): number {
  let run = 0;
  for (let index = 0; index < trace.length; index++) {
    run = trace.height[index]! >= lowMm ? run + 1 : 0;
    if (run === readingsMin) return trace.at[index - run + 1]!;
  }
  return Number.POSITIVE_INFINITY;
}

function offset(trace: HeightTrace, lowMm: number): number {
  let run = 0;
  for (let index = trace.length - 1; index >= 0; index--) {
    run = trace.height[index]! >= lowMm ? run + 1 : 0;
    if (run === readingsMin) return trace.at[index + run - 1]!;
  }
  return Number.NEGATIVE_INFINITY;
}
