import type { Resolution, Site } from '../../contract/http-api.ts';
import type { Speech } from './speech.ts';

/** How much is shown at once; `hours` are the last twenty-four. */
export const spans = ['hours', 'day', 'week', 'month'] as const;
export type Span = (typeof spans)[number];

/** What is shown: the span that a local date lies in. Without a date it is the one that is now. */
export interface ShownRange {
  readonly span: Span;
  readonly date: string | null;
}

/** What is asked of the gateway: moments, or local dates that each site takes as its own. */
export interface AskedRange {
  readonly from: string;
  readonly to: string;
  readonly resolution: Resolution;
}

const quarterMs = 900_000;
const dayMs = 86_400_000;
const resolutions = { hours: '15m', day: '15m', week: '1h', month: '1d' } as const;

/** The range for a site; `weeksBefore` is 1 for the one it is compared with. Months are compared with none. */
export function askedRange({ span, date }: ShownRange, site: Site, weeksBefore = 0): AskedRange {
  const resolution = resolutions[span];
  if (span === 'hours') {
    const to = Math.ceil(Date.now() / quarterMs) * quarterMs - weeksBefore * 7 * dayMs;
    return { from: isoTime(to - dayMs), to: isoTime(to), resolution };
  }
  const [first, next] = datesOf(span, date ?? todayAt(site));
  return { from: shifted(first, -7 * weeksBefore), to: shifted(next, -7 * weeksBefore), resolution };
}

/** Whether it is the site's day that is now, whose totals come by themselves. */
export function isToday({ span, date }: ShownRange, site: Site): boolean {
  return span === 'day' && (date === null || date === todayAt(site));
}

/** The range before (−1) or after (1); null where it has not begun. */
export function stepped(range: ShownRange, steps: 1 | -1, today: string): ShownRange | null {
  const { span, date } = range;
  if (span === 'hours') return null;
  const [first, next] = datesOf(span, date ?? today);
  const moved = steps === 1 ? next : shifted(first, -1);
  if (moved > today) return null;
  return { span, date: datesOf(span, moved)[1] > today ? null : moved };
}

/** The local date that is now at a site. */
export function todayAt(site: Site): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: site.timeZone }).format(new Date(site.today.from));
}

/** As `#week=2026-03-02`, so that what is shown can be kept and passed on. */
export function hashOf({ span, date }: ShownRange): string {
  return date === null ? `#${span}` : `#${span}=${date}`;
}

export function rangeOfHash(hash: string): ShownRange {
  const [, name, date] = /^#(\w+)(?:=(\d{4}-\d\d-\d\d))?$/.exec(hash) ?? [];
  const span = spans.find((known) => known === name) ?? 'day';
  const valid = date !== undefined && !Number.isNaN(Date.parse(date)) && span !== 'hours';
  return { span, date: valid ? date : null };
}

/** The range in words. */
export function titleOf(range: ShownRange, site: Site, { texts, formats }: Speech): string {
  const today = todayAt(site);
  if (range.span === 'hours') return texts.lastHours;
  const [first, next] = datesOf(range.span, range.date ?? today);
  const last = shifted(next, -1);
  switch (range.span) {
    case 'day': {
      const relative = { [today]: texts.today, [shifted(today, -1)]: texts.yesterday }[first];
      return relative === undefined ? formats.date(first) : `${relative}, ${formats.date(first)}`;
    }
    case 'week':
      return formats.dates(first, last);
    case 'month':
      return formats.month(first);
  }
}

/** First date of the span in which a date lies, and of the one after it. Weeks begin on Monday. */
function datesOf(span: Exclude<Span, 'hours'>, date: string): [string, string] {
  if (span === 'day') return [date, shifted(date, 1)];
  if (span === 'week') {
    const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
    return [shifted(date, -weekday), shifted(date, 7 - weekday)];
  }
  const [year, month] = date.split('-').map(Number) as [number, number];
  return [`${date.slice(0, 7)}-01`, new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10)];
}

/** Calendar arithmetic needs no zone: days of a date are UTC's here. */
function shifted(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
