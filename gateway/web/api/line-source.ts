import type { Resolution } from '../../contract/http-api.ts';
import type { CountStore, Directory, KeptLevel } from '../../store/count-store.ts';
import type { Contribution } from '../../values/line-counts.ts';
import { cellsAtMost, isAligned, type Span } from '../../values/local-time.ts';
import type { SitePlan } from '../../values/site-plan.ts';
import { Problem } from './problems.ts';

/** 400 days of hours, or five weeks of 5-minute cells: a megabyte of JSON. */
export const cellsMax = 10_000;

const hourMs = 3_600_000;

export type PlannedLine = SitePlan['lines'][number];
export type PlannedSite = SitePlan['sites'][number];

/** What is read of a line: a range and the cells it is laid into. */
export interface LineQuery {
  readonly range: Span;
  readonly resolution: Resolution;
  readonly cells: readonly Span[];
  readonly timeZone: string;
  readonly asOfMs?: number | undefined;
  /** Takes hours where days would do: calibrations change by the hour. */
  readonly atMostSeconds?: number;
}

/** A line and its site, or a `Problem` that does not tell whether there is one for others. */
export function lineOfPlan(plan: SitePlan, lineId: string): { line: PlannedLine; site: PlannedSite } {
  const line = plan.lines.find(({ id }) => id === lineId);
  const site = plan.sites.find(({ id }) => id === line?.site);
  if (!line || !site) throw new Problem('not-found', `There is no line "${lineId}".`);
  return { line, site };
}

/** What every sensor that counts at the line contributes, each for the time it was assigned. */
export async function readContributions(
  store: CountStore,
  at: { plan: SitePlan; line: PlannedLine },
  query: LineQuery,
): Promise<Contribution[]> {
  const { range, timeZone, asOfMs } = query;
  const { line } = at;
  const counting = at.plan.assignments.filter(({ line: id, role }) => id === line.id && role !== 'witness');
  const cellSeconds = sourceSeconds(query);
  const contributions = counting.map(async ({ device, sensor, lane, sign, fromMs, untilMs }) => {
    const from = Math.max(range.fromMs, fromMs ?? range.fromMs);
    const to = Math.min(range.toMs, untilMs ?? range.toMs);
    if (from >= to) return null;
    const asOf = asOfMs === undefined ? {} : { asOfMs };
    const cells = { device, sensor, kind: line.kind, fromMs: from, toMs: to, cellSeconds, timeZone, ...asOf };
    return { lane, sign, sums: await store.readCells(cells) };
  });
  return (await Promise.all(contributions)).filter((contribution) => contribution !== null);
}

/** The longest source cells that fit: hours do not where a zone is half an hour off, quarters always do. */
export function sourceSeconds(query: LineQuery): 60 | 300 | 900 | 3600 | 86_400 {
  const { resolution, cells, range, atMostSeconds = 86_400 } = query;
  if (resolution === '1m') return 60;
  if (resolution === '5m') return 300;
  if (resolution === '15m') return 900;
  if (resolution === '1h') return range.fromMs % hourMs === 0 ? 3600 : 900;
  if (atMostSeconds === 86_400) return 86_400;
  const wholeHours = cells.every(({ fromMs, toMs }) => fromMs % hourMs === 0 && toMs % hourMs === 0);
  return wholeHours ? 3600 : 900;
}

/** Throws a `Problem` where a range cannot be answered as it is. */
export function checkRange(range: Span, resolution: Resolution, timeZone: string): void {
  if (range.toMs <= range.fromMs) throw new Problem('range-reversed', 'to must be later than from.');
  if (cellsAtMost(range, resolution) > cellsMax) {
    throw new Problem('range-too-long', `At most ${cellsMax} cells; ask for a coarser resolution.`);
  }
  for (const [name, atMs] of [
    ['from', range.fromMs],
    ['to', range.toMs],
  ] as const) {
    if (!isAligned(atMs, resolution, timeZone)) {
      throw new Problem('range-unaligned', `${name} is not on a boundary of ${resolution} in ${timeZone}.`);
    }
  }
}

/** Throws where retention has deleted what the resolution needs: that is neither zero nor a gap. */
export function checkKept(
  range: Span,
  resolution: Resolution,
  deletedBeforeMs: Directory['deletedBeforeMs'],
): void {
  const beforeMs = keptSince(resolution, deletedBeforeMs);
  if (range.fromMs >= beforeMs) return;
  const since = new Date(beforeMs).toISOString();
  throw new Problem('no-longer-kept', `${resolution} is kept since ${since}; ask for a coarser resolution.`);
}

/** Since when a resolution can be answered. */
export function keptSince(resolution: Resolution, deletedBeforeMs: Directory['deletedBeforeMs']): number {
  const fine: Partial<Record<Resolution, KeptLevel>> = {
    '1m': 'minutes',
    '5m': 'minutes',
    '15m': 'quarters',
    '1h': 'hours',
  };
  return deletedBeforeMs[fine[resolution] ?? 'days'];
}

/** As-of answers come from hours of UTC. */
export function checkAsOf(cells: readonly Span[]): void {
  if (cells.every(({ fromMs, toMs }) => fromMs % hourMs === 0 && toMs % hourMs === 0)) return;
  throw new Problem('as-of-too-fine', 'asOf is answered in whole hours of UTC and longer cells.');
}
