import { localDay, localPeriod, type Span, startOfDate } from '../../values/local-time.ts';
import { Problem } from './problems.ts';

/** Periods that move with the day; weeks begin on Monday, all of them are over. */
export const periods = ['yesterday', 'last-week', 'last-month'] as const;
export type Period = (typeof periods)[number];

/** The period before the one that is now, in local time. */
export function periodRange(period: Period, nowMs: number, timeZone: string): Span {
  if (period === 'yesterday') return localDay(localDay(nowMs, timeZone).fromMs - 1, timeZone);
  const unit = period === 'last-week' ? '1w' : '1mo';
  return localPeriod(localPeriod(nowMs, unit, timeZone).fromMs - 1, unit, timeZone);
}

/** RFC 3339 with a zone: a time without one would mean another moment on every machine. */
const momentPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** Milliseconds of a moment in a query. Throws a `Problem` that names the field. */
export function momentOf(name: string, text: string | undefined): number {
  const moment = text !== undefined && momentPattern.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(moment)) {
    throw new Problem(
      'invalid-request',
      `${name} is not an RFC 3339 time with zone, as 2026-03-02T00:00:00Z.`,
    );
  }
  return moment;
}

const datePattern = /^\d{4}-\d\d-\d\d$/;

/** Milliseconds of a moment, or of the first moment of a local date. Throws a `Problem` that names the field. */
export function startOf(name: string, text: string | undefined, timeZone: string): number {
  if (text === undefined || !datePattern.test(text)) return momentOf(name, text);
  try {
    return startOfDate(text, timeZone);
  } catch {
    throw new Problem('invalid-request', `${name} is no date that there is.`);
  }
}
