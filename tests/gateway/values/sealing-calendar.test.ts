import fastCheck from 'fast-check';
import { describe, expect, test } from 'vitest';
import { protectionRuleOf } from '../../../gateway/contract/protection.ts';
import { localClock } from '../../../gateway/values/local-time.ts';
import { protectionFault, sealingCells } from '../../../gateway/values/sealing-calendar.ts';

const berlin = 'Europe/Berlin';
const rule = protectionRuleOf(undefined);
const hour = 3_600_000;
const at = (text: string) => Date.parse(text);
const day = (from: string, to: string, changes = {}) =>
  sealingCells({ fromMs: at(from), toMs: at(to) }, { ...rule, ...changes }, berlin);
const hours = (cells: { fromMs: number; toMs: number }[]) =>
  cells.map(({ fromMs, toMs }) => (toMs - fromMs) / hour);

describe('sealing cells', () => {
  test('are hours by day and one cell a night, which begins on its own day', () => {
    const cells = day('2026-03-01T23:00:00Z', '2026-03-02T23:00:00Z');
    expect(hours(cells)).toEqual([...Array(16).fill(1), 8]);
    expect(new Date(cells[0]!.fromMs).toISOString()).toBe('2026-03-02T05:00:00.000Z');
    expect(localClock(cells.at(-1)!.fromMs, berlin)).toMatchObject({ date: '2026-03-02', minuteOfDay: 1320 });
  });

  test('hold the hour that clocks skip or repeat: nights of seven and nine hours', () => {
    expect(hours(day('2026-03-28T21:00:00Z', '2026-03-28T22:00:00Z'))).toEqual([7]);
    expect(hours(day('2026-10-24T20:00:00Z', '2026-10-24T21:00:00Z'))).toEqual([9]);
    const none = { quietFrom: '00:00', quietUntil: '00:00' };
    expect(day('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', none)).toHaveLength(23);
    expect(day('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', none)).toHaveLength(25);
  });

  test('are quarters where that is allowed, with quiet hours within one day as well', () => {
    const changes = { cellMinutes: 15 as const, quietFrom: '00:15', quietUntil: '05:45' };
    const cells = day('2026-03-01T23:00:00Z', '2026-03-02T23:00:00Z', changes);
    expect(hours(cells)).toEqual([0.25, 5.5, ...Array(73).fill(0.25)]);
  });

  test('follow each other without gap or overlap wherever and whenever, and do not depend on the range', () => {
    const zones = fastCheck.constantFrom(
      berlin,
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'UTC',
    );
    const times = fastCheck.constantFrom('00:00', '03:00', '06:00', '20:00', '22:00');
    const start = fastCheck.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') });
    const lengths = fastCheck.integer({ min: 1, max: 200 });
    const minutes = fastCheck.constantFrom(15 as const, 60 as const);
    fastCheck.assert(
      fastCheck.property(
        zones,
        times,
        times,
        start,
        lengths,
        minutes,
        (timeZone, quietFrom, quietUntil, fromMs, length, cellMinutes) => {
          const changed = { ...rule, quietFrom, quietUntil, cellMinutes };
          const toMs = fromMs + length * hour;
          const cells = sealingCells({ fromMs, toMs }, changed, timeZone);
          for (const [position, cell] of cells.entries()) {
            if (position > 0) expect(cell.fromMs).toBe(cells[position - 1]!.toMs);
            expect(cell.toMs).toBeGreaterThan(cell.fromMs);
          }
          const middle = fromMs + Math.floor(length / 2) * hour;
          const parts = [
            { fromMs, toMs: middle },
            { fromMs: middle, toMs },
          ];
          expect(parts.flatMap((part) => sealingCells(part, changed, timeZone))).toEqual(cells);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('name quiet hours that do not fit their length', () => {
    expect(protectionFault({ ...rule, quietFrom: '22:15' })).toMatch(/22:15 in cells of 60 minutes/);
    expect(protectionFault({ ...rule, quietFrom: '22:15', cellMinutes: 15 })).toBeNull();
  });
});
