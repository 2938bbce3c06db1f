import { expect, test } from 'vitest';
import { TapBook, type TapEvent } from '../../../calibration/audit/tap-book.ts';

const tap = (id: string, atSeconds: number, more: object = {}): TapEvent => ({
  type: 'tap',
  id,
  atSeconds,
  direction: 'in',
  kind: 'adult',
  ...more,
});

test('taps are kept in the order of their times, whoever delivered them when', () => {
  const book = new TapBook();
  for (const event of [tap('b', 5), tap('a', 2), tap('c', 9)]) expect(book.take(event)).toBe(true);
  expect(book.taps.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(book.last?.id).toBe('c');
});

test('an event that comes twice counts once', () => {
  const book = new TapBook();
  expect(book.take(tap('a', 2))).toBe(true);
  expect(book.take(tap('a', 2))).toBe(false);
  expect(book.taps).toHaveLength(1);
});

test('the kind comes after the direction and may arrive before its tap', () => {
  const book = new TapBook();
  book.take({ type: 'kind', id: 'k1', of: 'a', kind: 'child' });
  book.take(tap('a', 2));
  book.take(tap('b', 3));
  book.take({ type: 'kind', id: 'k2', of: 'b', kind: 'pair' });
  expect(book.taps.map(({ kind }) => kind)).toEqual(['child', 'pair']);
});

test('who turned back has no direction, and cannot become somebody who passed', () => {
  const book = new TapBook();
  book.take(tap('a', 2));
  book.take({ type: 'kind', id: 'k1', of: 'a', kind: 'turned-back' });
  expect(book.taps[0]).toMatchObject({ direction: null, kind: 'turned-back' });
  book.take({ type: 'kind', id: 'k2', of: 'a', kind: 'adult' });
  expect(book.taps[0]).toMatchObject({ direction: null, kind: 'turned-back' });
});

test('undo takes a tap away, also one that arrives later', () => {
  const book = new TapBook();
  book.take(tap('a', 2));
  book.take({ type: 'undo', id: 'u1', of: 'a' });
  book.take({ type: 'undo', id: 'u2', of: 'b' });
  book.take(tap('b', 4));
  expect(book.taps).toEqual([]);
});
