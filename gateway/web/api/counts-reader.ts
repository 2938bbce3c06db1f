import type { Line, LineCounts, LiveLine, Resolution, Site } from '../../contract/http-api.ts';
import type { RunningTotals } from '../../ingest/running-totals.ts';
import type { CountStore, Directory } from '../../store/count-store.ts';
import { type Contribution, observe, valuesOfKind } from '../../values/line-counts.ts';
import { cellsAtMost, cellsOf, isAligned, localDay, type Span } from '../../values/local-time.ts';
import { planSites, type SitePlan } from '../../values/site-plan.ts';
import { Problem } from './problems.ts';

/** 400 days of hours, or five weeks of 5-minute cells: a megabyte of JSON. */
export const cellsMax = 10_000;

const hourMs = 3_600_000;

export interface CountsReaderParts {
  readonly store: CountStore;
  readonly running: RunningTotals;
  readonly timeZone: string;
  readonly now: () => number;
}

/** Answers what the API asks of the store, by way of `values`. */
export class CountsReader {
  readonly #parts: CountsReaderParts;

  constructor(parts: CountsReaderParts) {
    this.#parts = parts;
  }

  async directory(): Promise<{ directory: Directory; plan: SitePlan }> {
    const directory = await this.#parts.store.readDirectory();
    return { directory, plan: planSites(directory, this.#parts.timeZone) };
  }

  async sites(): Promise<Site[]> {
    const { plan } = await this.directory();
    return plan.sites.map((site) => {
      const today = localDay(this.#parts.now(), site.timeZone);
      const lines = plan.lines.filter((line) => line.site === site.id).map(lineOf);
      const yesterday = localDay(today.fromMs - 1, site.timeZone);
      return { ...site, today: isoSpan(today), yesterday: isoSpan(yesterday), lines };
    });
  }

  /** Counts of a line. Throws a `Problem` for an unknown line and for a range that cannot be answered. */
  async counts(lineId: string, range: Span, resolution: Resolution): Promise<LineCounts> {
    const { plan } = await this.directory();
    const line = plan.lines.find(({ id }) => id === lineId);
    const site = plan.sites.find(({ id }) => id === line?.site);
    if (!line || !site) throw new Problem('not-found', `There is no line "${lineId}".`);
    checkRange(range, resolution, site.timeZone);
    const cells = cellsOf(range, resolution, site.timeZone);
    const observed = observe(cells, await this.#contributions(plan, line, { range, resolution, cells }));
    const { kind } = line;
    return {
      line: line.id,
      kind,
      simulated: line.simulated,
      value: 'observed',
      timeZone: site.timeZone,
      resolution,
      from: isoTime(range.fromMs),
      to: isoTime(range.toMs),
      cells: observed.cells.map((cell) => ({
        start: isoTime(cell.span.fromMs),
        seconds: (cell.span.toMs - cell.span.fromMs) / 1000,
        ...valuesOfKind(cell, kind),
      })),
      total: valuesOfKind(observed.total, kind),
    } as LineCounts;
  }

  /** Today's totals of every line that counts people, with the running totals where they are fresh. */
  async today(): Promise<LiveLine[]> {
    const { plan } = await this.directory();
    const nowMs = this.#parts.now();
    const lines = plan.lines.filter(({ kind }) => kind === 'crossing');
    return Promise.all(lines.map((line) => this.#todayOf(plan, line, nowMs)));
  }

  async #todayOf(plan: SitePlan, line: SitePlan['lines'][number], nowMs: number): Promise<LiveLine> {
    const site = plan.sites.find(({ id }) => id === line.site)!;
    const range = localDay(nowMs, site.timeZone);
    const query = { range, resolution: '1d' as const, cells: [range] };
    const { total } = observe(query.cells, await this.#contributions(plan, line, query));
    const { coverage, crossing } = total;
    return {
      line: line.id,
      site: site.id,
      coverage,
      ...crossing,
      running: this.#runningOf(plan, line.id, nowMs),
    };
  }

  /** Null unless every sensor that counts now has said where it stands. */
  #runningOf(plan: SitePlan, lineId: string, nowMs: number): LiveLine['running'] {
    const counting = plan.assignments.filter(
      ({ line, role, fromMs, untilMs }) =>
        line === lineId && role !== 'witness' && (fromMs ?? 0) <= nowMs && (untilMs ?? nowMs + 1) > nowMs,
    );
    let sum: { in: number; out: number } | null = null;
    for (const { device, sensor, sign } of counting) {
      const running = this.#parts.running.of(device, sensor, nowMs);
      if (running === null) return null;
      sum ??= { in: 0, out: 0 };
      sum.in += sign === 1 ? running.in : running.out;
      sum.out += sign === 1 ? running.out : running.in;
    }
    return sum;
  }

  async #contributions(
    plan: SitePlan,
    line: SitePlan['lines'][number],
    query: { range: Span; resolution: Resolution; cells: readonly Span[] },
  ): Promise<Contribution[]> {
    const { range, cells } = query;
    const counting = plan.assignments.filter(({ line: id, role }) => id === line.id && role !== 'witness');
    const contributions = counting.map(async ({ device, sensor, lane, sign, fromMs, untilMs }) => {
      const from = Math.max(range.fromMs, fromMs ?? range.fromMs);
      const to = Math.min(range.toMs, untilMs ?? range.toMs);
      if (from >= to) return null;
      const cellSeconds = sourceSeconds(query.resolution, cells);
      const { kind } = line;
      const sums = await this.#parts.store.readCells({
        device,
        sensor,
        kind,
        fromMs: from,
        toMs: to,
        cellSeconds,
      });
      return { lane, sign, sums };
    });
    return (await Promise.all(contributions)).filter((contribution) => contribution !== null);
  }
}

/** The longest source cells that fit: hours do not where a zone is half an hour off, quarters always do. */
function sourceSeconds(resolution: Resolution, cells: readonly Span[]): 300 | 900 | 3600 {
  if (resolution === '5m') return 300;
  if (resolution === '15m') return 900;
  return cells.every(({ fromMs, toMs }) => fromMs % hourMs === 0 && toMs % hourMs === 0) ? 3600 : 900;
}

function checkRange(range: Span, resolution: Resolution, timeZone: string): void {
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

function lineOf({ id, name, role, kind, simulated }: SitePlan['lines'][number]): Line {
  return { id, name, role, kind, simulated };
}

function isoSpan({ fromMs, toMs }: Span): { from: string; to: string } {
  return { from: isoTime(fromMs), to: isoTime(toMs) };
}

/** RFC 3339 without needless milliseconds. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString().replace('.000Z', 'Z');
}
