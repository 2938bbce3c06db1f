import { describe, expect, test } from 'vitest';
import { publicHolidays } from '../../../gateway/values/holidays.ts';
import { cellsOf, isAligned, localPeriod, startOfDate } from '../../../gateway/values/local-time.ts';
import { isOpen, type OpeningHours } from '../../../gateway/values/opening-hours.ts';
import { CalendarError, parseSchoolCalendar } from '../../../gateway/values/school-calendar.ts';

const timeZone = 'Europe/Berlin';
const at = (text: string) => Date.parse(text);

describe('weeks and months', () => {
  test('are local: a week begins on Monday at local midnight, a month on its first', () => {
    const week = localPeriod(at('2026-03-29T12:00:00Z'), '1w', timeZone);
    expect(new Date(week.fromMs).toISOString()).toBe('2026-03-22T23:00:00.000Z');
    expect((week.toMs - week.fromMs) / 3_600_000).toBe(7 * 24 - 1);
    const month = localPeriod(at('2026-10-25T12:00:00Z'), '1mo', timeZone);
    expect((month.toMs - month.fromMs) / 3_600_000).toBe(31 * 24 + 1);
  });

  test('of a year follow each other without gaps', () => {
    const range = { fromMs: startOfDate('2026-01-01', timeZone), toMs: startOfDate('2027-01-01', timeZone) };
    const months = cellsOf(range, '1mo', timeZone);
    expect(months).toHaveLength(12);
    expect(months.at(-1)?.toMs).toBe(range.toMs);
    for (const [index, month] of months.slice(1).entries()) expect(month.fromMs).toBe(months[index]!.toMs);
    expect(isAligned(range.fromMs, '1mo', timeZone)).toBe(true);
    expect(isAligned(range.fromMs, '1w', timeZone)).toBe(false);
  });

  test('days laid out between clock changes are those of the calendar, one by one', () => {
    for (const zone of [
      'Europe/Berlin',
      'Africa/Cairo',
      'America/Santiago',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
    ]) {
      const range = { fromMs: startOfDate('2024-01-01', zone), toMs: startOfDate('2026-01-01', zone) };
      const days = cellsOf(range, '1d', zone);
      expect(days).toHaveLength(731);
      for (const day of days) expect(isAligned(day.fromMs, '1d', zone)).toBe(true);
    }
  });
});

describe('public holidays', () => {
  test('are those of North Rhine-Westphalia, in every zone the gateway may run in', () => {
    const holidays = publicHolidays(2026, 'NW');
    expect(holidays).toHaveLength(11);
    expect(holidays).toContainEqual({ date: '2026-06-04', name: 'Fronleichnam' });
    expect(holidays.map(({ date }) => date)).not.toContain('2026-10-31');
  });
});

describe('opening hours', () => {
  const hours: OpeningHours = {
    weekdays: {
      1: [
        { from: '09:00', to: '13:00' },
        { from: '14:00', to: '18:30' },
      ],
      4: [{ from: '09:00', to: '24:00' }],
    },
    exceptions: { '2026-06-04': [{ from: '13:00', to: '18:00' }], '2026-03-09': [] },
    closedOnPublicHolidays: true,
  };
  const place = { timeZone, publicHolidays: new Set(['2026-06-04', '2026-05-25']) };
  test.each([
    ['2026-03-02T09:00:00+01:00', true],
    ['2026-03-02T13:00:00+01:00', false],
    ['2026-03-02T18:29:59+01:00', true],
    ['2026-03-03T10:00:00+01:00', false],
    ['2026-03-05T23:59:00+01:00', true],
    ['2026-03-09T10:00:00+01:00', false],
    ['2026-05-25T10:00:00+02:00', false],
    ['2026-06-04T14:00:00+02:00', true],
  ])('at %s the shop is open: %s', (moment, open) => {
    expect(isOpen(at(moment), hours, place)).toBe(open);
  });
});

describe('school holidays', () => {
  const file = (...lines: string[]) =>
    ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR'].join('\r\n');

  test('come from the all-day events of an iCalendar file, whose end is exclusive', () => {
    const text = file(
      'BEGIN:VEVENT',
      'DTSTART;VALUE=DATE:20260330',
      'DTEND;VALUE=DATE:20260412',
      'SUMMARY:Oster',
      ' ferien\\, NRW',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'DTSTART;VALUE=DATE:20260217',
      'SUMMARY:Beweglicher Ferientag',
      'END:VEVENT',
    );
    expect(parseSchoolCalendar(text)).toEqual([
      { name: 'Beweglicher Ferientag', from: '2026-02-17', to: '2026-02-17' },
      { name: 'Osterferien, NRW', from: '2026-03-30', to: '2026-04-11' },
    ]);
  });

  test.each([
    ['<html>', 1],
    [file('BEGIN:VEVENT', 'SUMMARY:x', 'END:VEVENT'), 3],
    [file('BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20260230', 'END:VEVENT'), 4],
    [file('BEGIN:VEVENT', 'DTSTART;VALUE=DATE:20260217'), 3],
    [file('END:VEVENT'), 3],
  ])('a file that is none is refused with the number of the line', (text, line) => {
    expect(() => parseSchoolCalendar(text)).toThrow(CalendarError);
    expect(() => parseSchoolCalendar(text)).toThrow(new RegExp(`^line ${line}: `));
  });
});
