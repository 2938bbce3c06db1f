import { describe, expect, test } from 'vitest';
import { groupFault, tellsByDifference } from '../../../../gateway/values/town/disclosure.ts';

const lines = (from: number, count: number) => Array.from({ length: count }, (_, at) => `l${from + at}`);

describe('a group', () => {
  test.each([
    ['of four others', [10, 10, 10, 10], 'too-few-members'],
    ['of five others', [10, 10, 10, 10, 10], null],
    ['of five others, one of which has more than 40 %', [30, 10, 10, 10, 10], 'one-dominates'],
    ['whose noise is larger than its people', [-30, 5, 5, 5, 5], 'one-dominates'],
  ] as const)('%s', (_, others, fault) => {
    expect(groupFault(others)).toBe(fault);
  });
});

describe('groups that were answered', () => {
  test('may be asked again, and beside one that shares no small difference with them', () => {
    expect(tellsByDifference([lines(0, 8)], lines(0, 8), [])).toBe(false);
    expect(tellsByDifference([lines(0, 8)], lines(10, 8), [])).toBe(false);
  });

  test('may not differ by fewer than five lines: one that joined would be told', () => {
    for (const more of [1, 2, 3, 4])
      expect(tellsByDifference([lines(0, 8)], lines(0, 8 + more), []), `${more}`).toBe(true);
    expect(tellsByDifference([lines(0, 8)], lines(0, 13), [])).toBe(false);
    expect(tellsByDifference([lines(0, 8)], lines(2, 8), [])).toBe(true);
  });

  test('may not tell a line by sums of three', () => {
    const all = lines(0, 21);
    const [one, other] = [lines(0, 10), lines(10, 10)];
    // No two of them differ by fewer than ten lines, and all − one − other is the last line.
    expect(tellsByDifference([one, other], all, [])).toBe(true);
    expect(tellsByDifference([one], all, [])).toBe(false);
  });

  test('may not tell a line to somebody who knows their own', () => {
    const all = lines(0, 22);
    const [one, other] = [lines(0, 10), lines(10, 10)];
    expect(tellsByDifference([one, other], all, [])).toBe(false);
    expect(tellsByDifference([one, other], all, [['l21']])).toBe(true);
  });
});
