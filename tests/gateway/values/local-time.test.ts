import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellsAtMost, cellsOf, isAligned, isTimeZone, localDay } from '../../../gateway/values/local-time.ts';

const berlin = 'Europe/Berlin';
const hourMs = 3_600_000;
const at = (text: string) => Date.parse(text);
const hours = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => (toMs - fromMs) / hourMs;

describe('a local day', () => {
  test.each([
    ['2026-07-01T12:00:00Z', '2026-06-30T22:00:00Z', 24],
    ['2026-03-29T12:00:00Z', '2026-03-28T23:00:00Z', 23],
    ['2026-10-25T12:00:00Z', '2026-10-24T22:00:00Z', 25],
    ['2026-06-30T21:59:59Z', '2026-06-29T22:00:00Z', 24],
  ])('that holds %s starts at %s and has %i hours in Berlin', (moment, start, length) => {
    const day = localDay(at(moment), berlin);
    expect(new Date(day.fromMs).toISOString()).toBe(new Date(start).toISOString());
    expect(hours(day)).toBe(length);
  });

  test('starts at one where clocks skip midnight', () => {
    // Clocks in Cairo went from 00:00 to 01:00 on 26 April 2024.
    const day = localDay(at('2024-04-26T12:00:00Z'), 'Africa/Cairo');
    expect(hours(day)).toBe(23);
    expect(new Date(day.fromMs).toISOString()).toBe('2024-04-25T22:00:00.000Z');
  });
});

describe('cells', () => {
  test('of days follow each other over a year and are 23, 24 or 25 hours long', () => {
    const range = { fromMs: at('2025-12-31T23:00:00Z'), toMs: at('2026-12-31T23:00:00Z') };
    const days = cellsOf(range, '1d', berlin);
    expect(days).toHaveLength(365);
    expect(days.filter((day) => hours(day) === 23)).toHaveLength(1);
    expect(days.filter((day) => hours(day) === 25)).toHaveLength(1);
    expect(days[0]?.fromMs).toBe(range.fromMs);
    expect(days.at(-1)?.toMs).toBe(range.toMs);
  });

  test('cover a range of whole days without gap or overlap in any zone and resolution', () => {
    const zones = fc.constantFrom(berlin, 'Asia/Kolkata', 'Asia/Kathmandu', 'America/St_Johns', 'UTC');
    const resolutions = fc.constantFrom('5m', '15m', '1h', '1d') as fc.Arbitrary<'5m' | '15m' | '1h' | '1d'>;
    const moments = fc.integer({ min: at('2021-01-01T00:00:00Z'), max: at('2029-01-01T00:00:00Z') });
    fc.assert(
      fc.property(zones, resolutions, moments, (zone, resolution, moment) => {
        const day = localDay(moment, zone);
        const cells = cellsOf(day, resolution, zone);
        expect(cells[0]?.fromMs).toBe(day.fromMs);
        expect(cells.at(-1)?.toMs).toBe(day.toMs);
        expect(cells.length).toBeLessThanOrEqual(cellsAtMost(day, resolution));
        for (const [position, cell] of cells.entries()) {
          expect(isAligned(cell.fromMs, resolution, zone)).toBe(true);
          if (position > 0) expect(cell.fromMs).toBe(cells[position - 1]?.toMs);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('alignment', () => {
  test.each([
    ['2026-03-02T23:00:00Z', '1d', berlin, true],
    ['2026-03-02T00:00:00Z', '1d', berlin, false],
    ['2026-03-02T00:00:00Z', '1h', 'Asia/Kolkata', false],
    ['2026-03-02T00:30:00Z', '1h', 'Asia/Kolkata', true],
    ['2026-03-02T00:10:00Z', '15m', berlin, false],
    ['2026-03-02T00:10:00Z', '5m', berlin, true],
  ] as const)('%s on %s in %s: %s', (moment, resolution, zone, aligned) => {
    expect(isAligned(at(moment), resolution, zone)).toBe(aligned);
  });
});

test('a zone is a zone by its IANA name', () => {
  expect(isTimeZone('America/St_Johns')).toBe(true);
  expect(isTimeZone('Iserlohn')).toBe(false);
});
