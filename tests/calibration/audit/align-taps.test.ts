import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alignmentCosts, alignTaps, lagBounds, type Outcome } from '../../../calibration/audit/align-taps.ts';
import type { PassageTap } from '../../../calibration/audit/passage-tap.ts';
import type { Crossing } from '../../../edge-agent/count/counter.ts';

let number = 0;
const tap = (
  atSeconds: number,
  direction: 'in' | 'out' | null = 'in',
  kind: PassageTap['kind'] = direction === null ? 'turned-back' : 'adult',
): PassageTap => ({ id: `tap-${number++}`, atSeconds, direction, kind });
const counted = (atSeconds: number, direction: 'in' | 'out' = 'in'): Crossing => ({
  atSeconds,
  direction,
  confidence: 1,
});
const kinds = (outcomes: readonly Outcome[]) => outcomes.map(({ kind }) => kind);

describe('alignment of taps and crossings', () => {
  test('names everybody who was counted, missed, sent the wrong way, doubled or invented', () => {
    const taps = [tap(10.3), tap(20.3, 'out'), tap(30.3), tap(40.3), tap(50.3, null), tap(60.3, null)];
    const crossings = [counted(10), counted(20), counted(40), counted(40.6), counted(60), counted(80, 'out')];
    expect(kinds(alignTaps(taps, crossings).outcomes)).toEqual([
      'counted',
      'wrong-direction',
      'missed',
      'counted',
      'double',
      'rightly-rejected',
      'counted-nobody',
      'invented',
    ]);
  });

  test('two who meet may be tapped in either order', () => {
    const { outcomes } = alignTaps([tap(10.5, 'out'), tap(10.7, 'in')], [counted(10), counted(10.2, 'out')]);
    expect(kinds(outcomes)).toEqual(['counted', 'counted']);
  });

  test('a pair is two people: one of them missed is one missed', () => {
    const { outcomes } = alignTaps([tap(10.4, 'in', 'pair')], [counted(10)]);
    expect(kinds(outcomes).sort()).toEqual(['counted', 'missed']);
  });

  test('who turned back and was counted in and out is two counts of nobody', () => {
    const { outcomes } = alignTaps([tap(10.4, null)], [counted(9.7), counted(10.6, 'out')]);
    expect(kinds(outcomes)).toEqual(['counted-nobody', 'counted-nobody']);
  });

  test('learns how late somebody taps, so that a slow observer is not taken for a blind counter', () => {
    const taps = Array.from({ length: 20 }, (_, at) => tap(10 * at + 0.95 + 0.2 * Math.sin(at)));
    const { outcomes, lagSeconds } = alignTaps(
      taps,
      taps.map((_, at) => counted(10 * at)),
    );
    expect(lagSeconds).toBeGreaterThan(0.8);
    expect(lagSeconds).toBeLessThan(1.05);
    expect(outcomes.every(({ kind }) => kind === 'counted')).toBe(true);
  });

  test('never learns a lag that is no reaction', () => {
    const taps = Array.from({ length: 20 }, (_, at) => tap(10 * at + 2.4));
    const { lagSeconds } = alignTaps(
      taps,
      taps.map((_, at) => counted(10 * at)),
    );
    expect(lagSeconds).toBeLessThanOrEqual(lagBounds.mostSeconds + 1e-9);
  });

  const events = (most: number) =>
    fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 300 }),
        direction: fc.constantFrom('in' as const, 'out' as const),
      }),
      { maxLength: most },
    );

  test('every tapped person and every crossing ends in exactly one outcome', () => {
    fc.assert(
      fc.property(events(25), events(25), (tapped, crossed) => {
        const taps = tapped.map(({ at, direction }) => tap(at / 10, direction));
        const crossings = crossed.map(({ at, direction }) => counted(at / 10, direction));
        const { outcomes } = alignTaps(taps, crossings);
        const people = outcomes.filter(({ kind }) => ['counted', 'missed', 'wrong-direction'].includes(kind));
        const used = outcomes.flatMap((outcome) => ('crossing' in outcome ? [outcome.crossing] : []));
        expect(people.map((outcome) => 'tap' in outcome && outcome.tap.id).sort()).toEqual(
          taps.map(({ id }) => id).sort(),
        );
        expect(new Set(used).size).toBe(used.length);
        expect(used.length).toBe(crossings.length);
      }),
      { numRuns: 150 },
    );
  });

  test('costs what the cheapest of all order-preserving alignments costs', () => {
    fc.assert(
      fc.property(events(4), events(4), (tapped, crossed) => {
        const taps = tapped.map(({ at, direction }) => tap(at / 100, direction));
        const crossings = crossed.map(({ at, direction }) => counted(at / 100, direction));
        const { outcomes, lagSeconds } = alignTaps(taps, crossings);
        const sorted = [...taps].sort((one, next) => one.atSeconds - next.atSeconds);
        const sortedCounts = [...crossings].sort((one, next) => one.atSeconds - next.atSeconds);
        expect(costOf(outcomes, lagSeconds)).toBeCloseTo(cheapest(sorted, sortedCounts, lagSeconds), 6);
      }),
      { numRuns: 100 },
    );
  });
});

function pairCost(one: PassageTap, crossing: Crossing, lagSeconds: number): number {
  const apart = Math.abs(one.atSeconds - lagSeconds - crossing.atSeconds);
  if (apart > 2.5) return Number.POSITIVE_INFINITY;
  const z = apart / alignmentCosts.lagDeviationSeconds;
  const late = z <= 2 ? z ** 2 / 2 : 2 * z - 2;
  return late + (one.direction === crossing.direction ? 0 : alignmentCosts.wrongDirection);
}

function costOf(outcomes: readonly Outcome[], lagSeconds: number): number {
  return outcomes.reduce((sum, outcome) => {
    if (outcome.kind === 'missed') return sum + alignmentCosts.missed;
    if (outcome.kind === 'invented' || outcome.kind === 'double') return sum + alignmentCosts.invented;
    return 'crossing' in outcome && 'tap' in outcome
      ? sum + pairCost(outcome.tap, outcome.crossing, lagSeconds)
      : sum;
  }, 0);
}

/** By trying everything. */
function cheapest(taps: readonly PassageTap[], crossings: readonly Crossing[], lag: number): number {
  const [first, second] = taps;
  const [one, other] = crossings;
  if (first === undefined) return crossings.length * alignmentCosts.invented;
  if (one === undefined) return taps.length * alignmentCosts.missed;
  const ways = [
    alignmentCosts.missed + cheapest(taps.slice(1), crossings, lag),
    alignmentCosts.invented + cheapest(taps, crossings.slice(1), lag),
    pairCost(first, one, lag) + cheapest(taps.slice(1), crossings.slice(1), lag),
  ];
  if (second !== undefined && other !== undefined) {
    const crossed = pairCost(first, other, lag) + pairCost(second, one, lag);
    ways.push(crossed + cheapest(taps.slice(2), crossings.slice(2), lag));
  }
  return Math.min(...ways);
}
