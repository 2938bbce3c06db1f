import { offsetText } from '../../../values/local-time.ts';
import { hystreetId } from './hystreet-query.ts';

/** A cell of people as both audiences get it; null where nobody looked or nothing is sealed. */
export interface HystreetCell {
  readonly start: string;
  readonly coverage: number;
  readonly in: number | null;
  readonly out: number | null;
  readonly flags?: readonly string[];
  readonly open?: number;
}

export interface HystreetLine {
  readonly id: string;
  readonly name: string;
  readonly siteName: string;
  readonly town: string;
  readonly timeZone: string;
}

export interface HystreetIncident {
  readonly name: string;
  readonly from: string;
  readonly until: string;
}

export interface HystreetReading {
  readonly range: { readonly fromMs: number; readonly toMs: number };
  readonly cells: readonly HystreetCell[];
  readonly rangeCount: number | null;
  readonly todayCount: number | null;
  readonly earliestMs: number | null;
  readonly latestMs: number | null;
  readonly incidents: readonly HystreetIncident[];
}

/** Below this share of the time looked at a measurement is called unverified. */
const verifiedCoverage = 0.9;

/** The head of a location: `id`, `name`, `city` come first, since R clients take columns by number. */
export function hystreetHead(line: HystreetLine, reading: Omit<HystreetReading, 'cells' | 'incidents'>) {
  const local = (atMs: number | null) => (atMs === null ? null : offsetText(atMs, line.timeZone));
  return {
    id: hystreetId(line.id),
    name: line.siteName === '' ? line.name : `${line.siteName}, ${line.name}`,
    city: line.town,
    statistics: { today_count: reading.todayCount, timerange_count: reading.rangeCount },
    metadata: {
      measured_from: local(reading.range.fromMs),
      measured_to: local(reading.range.toMs),
      earliest_measurement_at: local(reading.earliestMs),
      latest_measurement_at: local(reading.latestMs),
      ltr_label: 'in',
      rtl_label: 'out',
    },
  };
}

/** A location with its measurements; missing is null and never 0. */
export function hystreetLocation(line: HystreetLine, reading: HystreetReading) {
  return {
    ...hystreetHead(line, reading),
    measurements: reading.cells.map((cell) => ({
      timestamp: offsetText(Date.parse(cell.start), line.timeZone),
      pedestrians_count: both(cell),
      unverified: isUnverified(cell),
      details: { ltr_pedestrians_count: cell.in, rtl_pedestrians_count: cell.out, zones: [] },
    })),
    incidents: reading.incidents.map(({ name, from, until }) => ({
      name,
      active_from: local(from, line.timeZone),
      active_to: local(until, line.timeZone),
    })),
  };
}

export function both(cell: Pick<HystreetCell, 'in' | 'out'>): number | null {
  return cell.in === null || cell.out === null ? null : cell.in + cell.out;
}

function isUnverified({ coverage, flags = [], open = 0 }: HystreetCell): boolean {
  return coverage < verifiedCoverage || flags.length > 0 || open > 0;
}

function local(time: string, timeZone: string): string {
  return offsetText(Date.parse(time), timeZone);
}
