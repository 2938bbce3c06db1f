import { localClock } from './local-time.ts';

/** When a shop is open: for each weekday (1 Monday to 7 Sunday) spans of the local clock, and dates that differ. */
export interface OpeningHours {
  readonly weekdays: Readonly<Record<string, readonly OpeningSpan[]>>;
  /** Dates with other hours; an empty list is closed. They win over weekdays and public holidays. */
  readonly exceptions: Readonly<Record<string, readonly OpeningSpan[]>>;
  readonly closedOnPublicHolidays: boolean;
}

/** As `09:00` to `18:30`; `24:00` is the end of the day. A night over midnight is two spans. */
interface OpeningSpan {
  readonly from: string;
  readonly to: string;
}

/** Whether a shop is open at a moment of its local clock. */
export function isOpen(
  atMs: number,
  hours: OpeningHours,
  place: { timeZone: string; publicHolidays: ReadonlySet<string> },
): boolean {
  const { weekday, date, minuteOfDay } = localClock(atMs, place.timeZone);
  const closed = hours.closedOnPublicHolidays && place.publicHolidays.has(date);
  const spans = hours.exceptions[date] ?? (closed ? [] : (hours.weekdays[weekday] ?? []));
  return spans.some(({ from, to }) => minutesOf(from) <= minuteOfDay && minuteOfDay < minutesOf(to));
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
