import type { Line, LineCounts, LiveLine, Resolution, Site } from '../../contract/http-api.ts';
import type { RunningTotals } from '../../ingest/running-totals.ts';
import type { CountStore, Directory } from '../../store/count-store.ts';
import { observe } from '../../values/line-counts.ts';
import { cellsOf, localDay, type Span } from '../../values/local-time.ts';
import { planSites, type SitePlan } from '../../values/site-plan.ts';
import { cellAnswers, startTexts, valuesAnswer } from './count-answer.ts';
import { isoTime } from './iso-time.ts';
import { checkAsOf, checkKept, checkRange, lineOfPlan, readContributions } from './line-source.ts';

export interface CountsReaderParts {
  readonly store: CountStore;
  readonly running: RunningTotals;
  readonly timeZone: string;
  readonly now: () => number;
}

/** Who is there, read once for all questions of a request. */
export interface Known {
  readonly directory: Directory;
  readonly plan: SitePlan;
}

/** The cells of a range and what their starts are called. */
interface LaidOut {
  readonly name: string;
  readonly cells: readonly Span[];
  readonly starts: readonly string[];
}

/** Answers what the API asks of the store, by way of `values`. */
export class CountsReader {
  readonly #parts: CountsReaderParts;
  #laidOut: LaidOut = { name: '', cells: [], starts: [] };

  constructor(parts: CountsReaderParts) {
    this.#parts = parts;
  }

  async directory(): Promise<Known> {
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

  /** Counts of a line. Throws a `Problem` for an unknown line and for a range that cannot be answered. */
  async counts(
    lineId: string,
    asked: { range: Span; resolution: Resolution; asOfMs?: number | undefined },
    known?: Known,
  ): Promise<LineCounts> {
    const { range, resolution, asOfMs } = asked;
    const { directory, plan } = known ?? (await this.directory());
    const { line, site } = lineOfPlan(plan, lineId);
    const { timeZone } = site;
    const { cells, starts } = this.#layOut(range, resolution, timeZone);
    checkKept(range, resolution, directory.deletedBeforeMs);
    if (asOfMs !== undefined) checkAsOf(cells);
    const query = { range, resolution, cells, timeZone, asOfMs };
    const { kind } = line;
    const contributions = await readContributions(this.#parts.store, { plan, line }, query);
    const observed = observe(cells, contributions, kind);
    return {
      line: line.id,
      kind,
      simulated: line.simulated,
      value: 'observed',
      timeZone: site.timeZone,
      resolution,
      from: isoTime(range.fromMs),
      to: isoTime(range.toMs),
      cells: cellAnswers(observed, { kind, starts }),
      total: valuesAnswer(observed.total),
    } as LineCounts;
  }

  /** The calendar is asked once for a range: a page or a file asks for the same one of every line. */
  #layOut(range: Span, resolution: Resolution, timeZone: string): LaidOut {
    const name = `${range.fromMs}/${range.toMs}/${resolution}/${timeZone}`;
    if (this.#laidOut.name !== name) {
      checkRange(range, resolution, timeZone);
      const cells = cellsOf(range, resolution, timeZone);
      this.#laidOut = { name, cells, starts: startTexts(cells) };
    }
    return this.#laidOut;
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
    const contributions = await readContributions(this.#parts.store, { plan, line }, query);
    const { coverage, values } = observe(query.cells, contributions, 'crossing').total;
    return {
      line: line.id,
      site: site.id,
      coverage,
      ...values,
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
