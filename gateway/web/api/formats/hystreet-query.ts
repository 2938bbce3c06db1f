import { createHash } from 'node:crypto';
import type { Resolution } from '../../../contract/http-api.ts';
import { cellsOf, localDay, localMoment, localPeriod, type Span } from '../../../values/local-time.ts';
import { Problem } from '../problems.ts';

/** What hystreet calls the lengths of its measurements. */
export const hystreetResolutions = { hour: '1h', day: '1d', week: '1w', month: '1mo' } as const;
export type HystreetResolution = keyof typeof hystreetResolutions;

/**
 * The times that clients in the wild send: a date, a date and a time without a zone (local time of the
 * place), or one with an offset, with a colon, without one, or Z. A plus that nobody escaped has become a space.
 */
const momentPattern = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?(Z|[+ -]\d\d:?\d\d)?$/;

/** Cells whose timestamp lies from `from` to `to`, both included; without either, today's. */
export function hystreetRange(
  query: { from?: string | undefined; to?: string | undefined },
  at: { resolution: HystreetResolution; timeZone: string; nowMs: number },
): Span {
  const { timeZone, nowMs } = at;
  const resolution: Resolution = hystreetResolutions[at.resolution];
  const today = localDay(nowMs, timeZone);
  const fromMs = query.from === undefined ? today.fromMs : momentOf('from', query.from, timeZone);
  const toMs = query.to === undefined ? today.toMs - 1 : momentOf('to', query.to, timeZone);
  const first = cellAt(fromMs, resolution, timeZone);
  const last = cellAt(toMs, resolution, timeZone);
  // A measurement belongs to a range by its timestamp, so one that began before is left out.
  const start = query.from !== undefined && first.fromMs < fromMs ? first.toMs : first.fromMs;
  if (start >= last.toMs) throw new Problem('range-reversed', 'No measurement begins between from and to.');
  return { fromMs: start, toMs: last.toMs };
}

function cellAt(atMs: number, resolution: Resolution, timeZone: string): Span {
  if (resolution === '1w' || resolution === '1mo') return localPeriod(atMs, resolution, timeZone);
  const day = localDay(atMs, timeZone);
  if (resolution === '1d') return day;
  return cellsOf(day, resolution, timeZone).find(({ toMs }) => atMs < toMs)!;
}

function momentOf(name: string, text: string, timeZone: string): number {
  const [, date, clock = '00:00:00', zone] = momentPattern.exec(text) ?? [];
  const moment =
    date === undefined
      ? null
      : zone === undefined
        ? localMoment(`${date}T${clock}`, timeZone)
        : Date.parse(`${date}T${clock}${offsetOf(zone)}`);
  if (moment === null || Number.isNaN(moment)) {
    throw new Problem(
      'invalid-request',
      `${name} is no time, as 2026-03-02, 2026-03-02 08:00:00 or 2026-03-02T08:00:00+01:00.`,
    );
  }
  return moment;
}

function offsetOf(zone: string): string {
  if (zone === 'Z') return zone;
  const [sign, hours, minutes] = [zone[0] === '-' ? '-' : '+', zone.slice(1, 3), zone.slice(-2)];
  return `${sign}${hours}:${minutes}`;
}

/**
 * A line's number: hystreet's clients expect whole numbers for ids. Worked out from the name, so that
 * it is the same after a restore and on every gateway; below 2^31, which every language reads.
 */
export function hystreetId(line: string): number {
  return createHash('sha256').update(line).digest().readUInt32BE(0) >>> 1;
}

/** Whether a line is meant by the id of a location: its number or its name. */
export function isLocation(line: string, id: string): boolean {
  return line === id || String(hystreetId(line)) === id;
}
