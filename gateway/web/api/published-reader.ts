import { protectionRuleOf } from '../../contract/protection.ts';
import type { EpsilonLedger, PublishedCounts } from '../../contract/published-api.ts';
import type { SealStore } from '../../store/seal-store.ts';
import { cellsOf, type Span } from '../../values/local-time.ts';
import { expectedCells, type PublishedCell, publish } from '../../values/published.ts';
import { sealingCells } from '../../values/sealing-calendar.ts';
import { standardErrorOf, type Uncertain } from '../../values/uncertain.ts';
import type { CountsReader, Known } from './counts-reader.ts';
import { isoTime } from './iso-time.ts';
import { checkRange, lineOfPlan, type PlannedLine, type PlannedSite } from './line-source.ts';
import { Problem } from './problems.ts';

const dayMs = 86_400_000;

export type PublishedResolution = PublishedCounts['resolution'];

export interface PublishedQuery {
  readonly range: Span;
  readonly resolution: PublishedResolution;
  /** What was shared with the caller: cells that do not lie wholly within stay out. The owner has no bound. */
  readonly within?: Span | null;
  /** Leaves out what was sealed after the end of this UTC day. */
  readonly asOfMs?: number | undefined;
}

/** Published cells of a line, for whatever is to be computed from them. */
export interface PublishedSeries {
  readonly line: PlannedLine;
  readonly site: PlannedSite;
  readonly cells: readonly PublishedCell[];
  readonly total: PublishedCell;
}

/**
 * THE reader of numbers for everybody but a line's owner. Partners and the public see nothing of a
 * line that was not computed from this reader's answers: not a total, not an index, not a finding, not a
 * ratio. What is computed from sealed cells alone costs no further privacy (differential privacy is closed under post-processing; Dwork
 * and Roth 2014, proposition 2.1); one figure from observed numbers beside them would give all away.
 *
 * `series` gives cells as numbers with variances, ready for `values/uncertain.ts`: the variance
 * holds noise and counting error already, cells are independent, and sums may be negative. `counts`
 * gives the same as the API answers it. Whether the caller may ask at all is for `Sight` to say;
 * `Sight.sharedSpan` is what goes into `within`. There is one sealed series a line, the same for all.
 */
export class PublishedReader {
  readonly #seals: Pick<SealStore, 'readSeals'>;
  readonly #reader: CountsReader;

  constructor(seals: Pick<SealStore, 'readSeals'>, reader: CountsReader) {
    this.#seals = seals;
    this.#reader = reader;
  }

  /** Throws a `Problem` for an unknown line, one that counts no people, and what cannot be answered. */
  async series(lineId: string, query: PublishedQuery, known?: Known): Promise<PublishedSeries> {
    const { range, resolution, within, asOfMs } = query;
    const { plan } = known ?? (await this.#reader.directory());
    const { line, site } = lineOfPlan(plan, lineId);
    if (line.kind !== 'crossing') throw new Problem('not-a-count', `"${lineId}" counts no people.`);
    const { timeZone } = site;
    checkRange(range, resolution, timeZone);
    const rule = protectionRuleOf(site.protection);
    if (resolution === '15m' && rule.cellMinutes !== 15) {
      throw new Problem('finer-than-published', `"${lineId}" is sealed in hours; ask for 1h or longer.`);
    }
    const knownMs = asOfMs === undefined ? Number.POSITIVE_INFINITY : endOfDay(asOfMs);
    const shared = ({ fromMs, toMs }: Span) => !within || (fromMs >= within.fromMs && toMs <= within.toMs);
    const seals = await this.#seals.readSeals(lineId, range);
    const expected = expectedCells(sealingCells(range, rule, timeZone), seals);
    const sealed = seals.filter((seal) => seal.sealedMs <= knownMs && shared(seal));
    const published = publish(calendarOf(range, { resolution, timeZone, expected }), { expected, sealed });
    return { line, site, ...published };
  }

  /** `forOwner` adds which cells data came too late for. */
  async counts(
    lineId: string,
    query: PublishedQuery & { forOwner: boolean },
    known?: Known,
  ): Promise<PublishedCounts> {
    const { line, site, cells, total } = await this.series(lineId, query, known);
    const { epsilon, cellMinutes, quietFrom, quietUntil } = protectionRuleOf(site.protection);
    const sums = (cell: PublishedCell) => ({
      ...sumsOf(cell),
      ...(query.forOwner && cell.late ? { late: true } : {}),
    });
    return {
      line: line.id,
      kind: 'crossing',
      simulated: line.simulated,
      value: 'published',
      timeZone: site.timeZone,
      resolution: query.resolution,
      from: isoTime(query.range.fromMs),
      to: isoTime(query.range.toMs),
      asOf: query.asOfMs === undefined ? null : isoTime(query.asOfMs),
      protection: { epsilon, cellMinutes, quietFrom, quietUntil } as PublishedCounts['protection'],
      cells: cells.map((cell) => ({
        start: isoTime(cell.span.fromMs),
        seconds: (cell.span.toMs - cell.span.fromMs) / 1000,
        ...sums(cell),
      })),
      total: sums(total),
    };
  }

  /** What sealing has spent of a line. */
  async ledger(
    lineId: string,
    asked: { range: Span; resolution: EpsilonLedger['resolution'] },
  ): Promise<EpsilonLedger> {
    const { range, resolution } = asked;
    const { plan } = await this.#reader.directory();
    const { line, site } = lineOfPlan(plan, lineId);
    checkRange(range, resolution, site.timeZone);
    const seals = (await this.#seals.readSeals(lineId, range)).filter(({ in: sealed }) => sealed !== null);
    const periods = cellsOf(range, resolution, site.timeZone).map(({ fromMs, toMs }) => {
      const spent = seals.filter((seal) => seal.fromMs >= fromMs && seal.fromMs < toMs);
      return {
        start: isoTime(fromMs),
        seconds: (toMs - fromMs) / 1000,
        sealedCells: spent.length,
        epsilonPerCrossing: Math.max(0, ...spent.map(({ epsilon }) => epsilon)),
        epsilonSum: spent.reduce((sum, { epsilon }) => sum + epsilon, 0),
      };
    });
    return { line: line.id, timeZone: site.timeZone, resolution, periods };
  }
}

/**
 * The cells of an answer. Days and longer are the calendar's; finer ones are as long as the sealing
 * cells that begin in them, so that a night is one cell of its own length and not an hour with seven gaps behind it.
 */
function calendarOf(
  range: Span,
  of: { resolution: PublishedResolution; timeZone: string; expected: readonly Span[] },
): Span[] {
  const steps = cellsOf(range, of.resolution, of.timeZone);
  if (of.resolution !== '1h' && of.resolution !== '15m') return steps;
  const cells: Span[] = [];
  let position = 0;
  for (const step of steps) {
    const first = position;
    while (position < of.expected.length && of.expected[position]!.fromMs < step.toMs) position += 1;
    if (position === first) continue;
    cells.push({ fromMs: of.expected[first]!.fromMs, toMs: of.expected[position - 1]!.toMs });
  }
  return cells;
}

function sumsOf({ coverage, draws, open, ...cell }: PublishedCell) {
  return {
    coverage: rounded(coverage),
    in: cell.in?.value ?? null,
    out: cell.out?.value ?? null,
    standardErrorIn: errorOf(cell.in),
    standardErrorOut: errorOf(cell.out),
    draws,
    open,
  };
}

function errorOf(number: Uncertain | null): number | null {
  return number === null ? null : rounded(standardErrorOf(number, {}));
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

function endOfDay(atMs: number): number {
  return Math.floor(atMs / dayMs + 1) * dayMs - 1;
}
