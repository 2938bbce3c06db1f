import type { Line, LineCounts, LiveLine, Resolution, Site } from '../../contract/http-api.ts';
import type { RunningTotals } from '../../ingest/running-totals.ts';
import type { CountStore, Directory } from '../../store/count-store.ts';
import { observe, valuesOfKind } from '../../values/line-counts.ts';
import { cellsOf, localDay, type Span } from '../../values/local-time.ts';
import { planSites, type SitePlan } from '../../values/site-plan.ts';
import { checkAsOf, checkKept, checkRange, lineOfPlan, readContributions } from './line-source.ts';

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
    return plan.sites.map(({ details, ...site }) => {
      const today = localDay(this.#parts.now(), site.timeZone);
      const lines = plan.lines.filter((line) => line.site === site.id).map(lineOf);
      const yesterday = localDay(today.fromMs - 1, site.timeZone);
      const place = details?.place === undefined ? {} : { place: details.place };
      return { ...site, ...place, today: isoSpan(today), yesterday: isoSpan(yesterday), lines };
    });
  }

  /** The zone of a line's site. Throws a `Problem` for an unknown line. */
  async timeZoneOf(lineId: string): Promise<string> {
    const { plan } = await this.directory();
    return lineOfPlan(plan, lineId).site.timeZone;
  }

  /** Counts of a line. Throws a `Problem` for an unknown line and for a range that cannot be answered. */
  async counts(
    lineId: string,
    asked: { range: Span; resolution: Resolution; asOfMs?: number | undefined },
  ): Promise<LineCounts> {
    const { range, resolution, asOfMs } = asked;
    const { directory, plan } = await this.directory();
    const { line, site } = lineOfPlan(plan, lineId);
    const { timeZone } = site;
    checkRange(range, resolution, timeZone);
    checkKept(range, resolution, directory.deletedBeforeMs);
    const cells = cellsOf(range, resolution, timeZone);
    if (asOfMs !== undefined) checkAsOf(cells);
    const query = { range, resolution, cells, timeZone, asOfMs };
    const observed = observe(cells, await readContributions(this.#parts.store, { plan, line }, query));
    const { kind } = line;
    const clock = new IsoClock();
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
        start: clock.textOf(cell.span.fromMs),
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
    const query = { range, resolution: '1d' as const, cells: [range], timeZone: site.timeZone };
    const { total } = observe(query.cells, await readContributions(this.#parts.store, { plan, line }, query));
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

/** Writes many times of the same days: a year of hours in a fifth of the time. */
class IsoClock {
  #dayMs = Number.NaN;
  #date = '';

  textOf(atMs: number): string {
    const intoDayMs = ((atMs % 86_400_000) + 86_400_000) % 86_400_000;
    if (intoDayMs % 60_000 !== 0) return isoTime(atMs);
    if (atMs - intoDayMs !== this.#dayMs) {
      this.#dayMs = atMs - intoDayMs;
      this.#date = new Date(atMs).toISOString().slice(0, 11);
    }
    const minutes = intoDayMs / 60_000;
    const two = (part: number) => (part < 10 ? `0${part}` : `${part}`);
    return `${this.#date}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00Z`;
  }
}
