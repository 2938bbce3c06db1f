import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AccountedRange,
  type Disposition,
  dispositionOf,
  emptyAccount,
  enterRange,
  missingRanges,
  receiptOf,
  throughOf,
} from '../../../gateway/store/account.ts';

const rangeArbitrary = fc
  .tuple(
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 0, max: 8 }),
    fc.constantFrom<Disposition>('stored', 'gone', 'invalid', 'oversized'),
  )
  .map(([from, more, disposition]): AccountedRange => ({ from, to: from + more, disposition }));

/** The same rule, sequence by sequence. */
function plainBooks(entries: readonly AccountedRange[]): Map<number, Disposition> {
  const books = new Map<number, Disposition>();
  for (const { from, to, disposition } of entries) {
    for (let sequence = from; sequence <= to; sequence += 1) {
      const known = books.get(sequence);
      if (known === undefined || (known === 'gone' && disposition === 'stored'))
        books.set(sequence, disposition);
    }
  }
  return books;
}

test('ranges say the same as books kept sequence by sequence, disjoint, ascending and merged', () => {
  fc.assert(
    fc.property(fc.array(rangeArbitrary, { maxLength: 30 }), (entries) => {
      const ranges = entries.reduce<readonly AccountedRange[]>(enterRange, []);
      const books = plainBooks(entries);
      for (let sequence = 1; sequence <= 50; sequence += 1) {
        expect(dispositionOf(ranges, sequence)).toBe(books.get(sequence) ?? null);
      }
      for (const [position, range] of ranges.entries()) {
        const next = ranges[position + 1];
        if (next === undefined) continue;
        expect(next.from).toBeGreaterThan(range.to);
        if (next.from === range.to + 1) expect(next.disposition).not.toBe(range.disposition);
      }
    }),
  );
});

test('through ends before the first gap and never falls', () => {
  const ranges: AccountedRange[] = [
    { from: 1, to: 4, disposition: 'gone' },
    { from: 5, to: 9, disposition: 'stored' },
    { from: 11, to: 12, disposition: 'stored' },
  ];
  expect(throughOf(ranges, 0)).toBe(9);
  expect(throughOf(ranges, 20)).toBe(20);
  expect(throughOf([], 0)).toBe(0);
});

test('stored, refused, gone and missing make up what was sent', () => {
  fc.assert(
    fc.property(fc.array(rangeArbitrary, { maxLength: 20 }), (entries) => {
      const ranges = entries.reduce<readonly AccountedRange[]>(enterRange, []);
      const sent = ranges.at(-1)?.to ?? 0;
      const accounted = ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
      const missing = missingRanges({ ...emptyAccount('d', 'e'), ranges, sent });
      expect(accounted + missing.reduce((sum, [from, to]) => sum + to - from + 1, 0)).toBe(sent);
    }),
  );
});

test('a receipt names stored ranges beyond a gap and refused ones wherever they are', () => {
  const account = {
    ...emptyAccount('shop-1', '00112233445566aa'),
    through: 3,
    sent: 12,
    ranges: [
      { from: 1, to: 2, disposition: 'stored' },
      { from: 3, to: 3, disposition: 'invalid' },
      { from: 6, to: 9, disposition: 'stored' },
      { from: 12, to: 12, disposition: 'oversized' },
    ],
    reused: [{ from: 2, to: 2, disposition: 'sequence-reused' }],
  } as const;
  expect(receiptOf('aabbccddeeff0011', account, '00000001')).toEqual({
    version: 1,
    store: 'aabbccddeeff0011',
    epoch: '00112233445566aa',
    through: 3,
    beyond: [[6, 9]],
    refused: [
      { from: 2, to: 2, reason: 'sequence-reused' },
      { from: 3, to: 3, reason: 'invalid' },
      { from: 12, to: 12, reason: 'oversized' },
    ],
    heard: 12,
    answers: '00000001',
  });
});
