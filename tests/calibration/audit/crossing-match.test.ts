import { expect, test } from 'vitest';
import { matchCrossings } from '../../../calibration/audit/crossing-match.ts';

const counted = (atSeconds: number, direction: 'in' | 'out' = 'in') => ({
  atSeconds,
  direction,
  confidence: 1,
});
const truth = (atSeconds: number, direction: 'in' | 'out' = 'in', untilSeconds?: number) => ({
  atSeconds,
  direction,
  ...(untilSeconds === undefined ? {} : { untilSeconds }),
});

test('a crossing of the same direction within 1.5 s is a match, of the other it is not', () => {
  expect(matchCrossings([truth(10)], [counted(11.4)]).pairs).toHaveLength(1);
  expect(matchCrossings([truth(10)], [counted(11.6)]).pairs).toHaveLength(0);
  const other = matchCrossings([truth(10)], [counted(10, 'out')]);
  expect(other.missed).toHaveLength(1);
  expect(other.invented).toHaveLength(1);
});

test('one counted crossing answers for one person only', () => {
  const { pairs, missed, invented } = matchCrossings([truth(10), truth(10.5)], [counted(10.2)]);
  expect([pairs.length, missed.length, invented.length]).toEqual([1, 1, 0]);
});

test('as many are paired as can be, also where the nearest would take another one’s place', () => {
  // 11.4 is nearer to 11.5, but then 12.9 would stay alone.
  const { pairs } = matchCrossings([truth(10), truth(11.5)], [counted(11.4), counted(12.9)]);
  expect(pairs).toHaveLength(2);
});

test('who stood on the line may be counted at any time until setting off', () => {
  expect(matchCrossings([truth(10, 'in', 30)], [counted(31.4)]).pairs).toHaveLength(1);
  expect(matchCrossings([truth(10, 'in', 30)], [counted(20)]).pairs).toHaveLength(1);
  expect(matchCrossings([truth(10, 'in', 30)], [counted(31.6)]).pairs).toHaveLength(0);
});

test('every true and every counted crossing ends up in exactly one list', () => {
  const truths = Array.from({ length: 40 }, (_, at) => truth(at * 0.9, at % 3 === 0 ? 'out' : 'in'));
  const counts = Array.from({ length: 50 }, (_, at) => counted(at * 1.1, at % 4 === 0 ? 'out' : 'in'));
  const { pairs, missed, invented } = matchCrossings(truths, counts);
  expect(pairs.length + missed.length).toBe(40);
  expect(pairs.length + invented.length).toBe(50);
  for (const [one, other] of pairs) {
    expect(one.direction).toBe(other.direction);
    expect(Math.abs(one.atSeconds - other.atSeconds)).toBeLessThanOrEqual(1.5);
  }
});
