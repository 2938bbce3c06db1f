import type { DistanceChunk, Zone } from '../../hardware/sensor.ts';
import type { Crossing, CrossingSink, Doubt, FlagSpan, Rejection } from '../count/counter.ts';
import { type ClosedCrossingInterval, type IntervalSource, roundToThousandths } from './closed-interval.ts';
import { DistanceCoverage } from './distance-coverage.ts';
import { type Calendar, type Cell, MinuteCells } from './minute-cells.ts';

/** What a minute of a light-counting sensor sums up. */
export interface CrossingTally {
  in: number;
  out: number;
  varianceIn: number;
  varianceOut: number;
  rejected: ClosedCrossingInterval['rejected'];
}

/** Somebody was counted in a minute whose coverage came out as nothing: that he was seen proves some. */
const coverageSecondsOfAFinding = 0.001;

export interface CrossingIntervalsOptions {
  readonly source: IntervalSource;
  readonly zones: readonly Zone[];
  readonly startSeconds: number;
  readonly calendar: Calendar;
}

/**
 * Turns a counter's findings and the readings' times into closed minutes. Order of calls for a
 * chunk: `take`, then the counter's `drain(this)`, then `close`: findings are in before a minute ends.
 */
export class CrossingIntervals implements CrossingSink {
  readonly kind = 'crossing';
  readonly cells: MinuteCells<CrossingTally>;
  readonly #source: IntervalSource;
  readonly #coverage: DistanceCoverage;
  readonly #cover = (fromSeconds: number, toSeconds: number) => this.cells.cover(fromSeconds, toSeconds);

  constructor(options: CrossingIntervalsOptions) {
    this.#source = options.source;
    this.#coverage = new DistanceCoverage(options.zones);
    this.cells = new MinuteCells({
      startSeconds: options.startSeconds,
      calendar: options.calendar,
      emptyTally: () => ({ in: 0, out: 0, varianceIn: 0, varianceOut: 0, rejected: {} }),
      join: joinTallies,
    });
  }

  /** Takes the times and statuses of readings; what they mean comes from the counter. */
  take(chunk: DistanceChunk): void {
    this.#coverage.take(chunk, this.#cover);
    if (chunk.length > 0) this.cells.advance(chunk.atSeconds[chunk.length - 1]!);
  }

  /** Says that time has come to `atSeconds` even if no reading did. */
  advance(atSeconds: number): void {
    this.#coverage.advance(atSeconds, this.#cover);
    this.cells.advance(atSeconds);
  }

  crossing(crossing: Crossing): void {
    this.cells.at(crossing.atSeconds).tally[crossing.direction] += 1;
  }

  rejection(rejection: Rejection): void {
    const { rejected } = this.cells.at(rejection.atSeconds).tally;
    rejected[rejection.reason] = (rejected[rejection.reason] ?? 0) + 1;
  }

  doubt(doubt: Doubt): void {
    const { tally } = this.cells.at(doubt.atSeconds);
    tally.varianceIn += doubt.varianceIn;
    tally.varianceOut += doubt.varianceOut;
  }

  flag(span: FlagSpan): void {
    this.cells.flag(span.flag, span.fromSeconds, span.toSeconds);
  }

  /** The minutes whose findings are final at `atSeconds`. */
  close(atSeconds: number): ClosedCrossingInterval[] {
    return this.cells.close(atSeconds).map((cell) => this.#closed(cell));
  }

  /** Ends at `atSeconds` and closes everything, the running minute as a part. */
  finish(atSeconds: number): ClosedCrossingInterval[] {
    return this.closeAbandoned(this.cells.finish(atSeconds));
  }

  /** Intervals of cells that nothing can be added to; a rest too short to tell anything is none. */
  closeAbandoned(cells: readonly Cell<CrossingTally>[]): ClosedCrossingInterval[] {
    return cells
      .filter((cell) => cell.toSeconds - cell.fromSeconds >= 1 || cell.tally.in + cell.tally.out > 0)
      .map((cell) => this.#closed(cell));
  }

  #closed(cell: Cell<CrossingTally>): ClosedCrossingInterval {
    const { tally } = cell;
    const durationSeconds = Math.max(1, roundToThousandths(cell.toSeconds - cell.fromSeconds));
    const found = tally.in + tally.out > 0;
    const covered = Math.max(cell.coverageSeconds, found ? coverageSecondsOfAFinding : 0);
    return {
      kind: 'crossing',
      sensor: this.#source.sensor,
      place: { atSeconds: roundToThousandths(cell.fromSeconds), epochSeconds: cell.epochSeconds },
      durationSeconds,
      coverageSeconds: Math.min(durationSeconds, roundToThousandths(covered)),
      flags: cell.flags,
      engine: this.#source.engine,
      profile: this.#source.profile,
      clock: cell.clock,
      in: tally.in,
      out: tally.out,
      standardErrorIn: roundToThousandths(Math.sqrt(Math.max(0, tally.varianceIn))),
      standardErrorOut: roundToThousandths(Math.sqrt(Math.max(0, tally.varianceOut))),
      rejected: tally.rejected,
    };
  }
}

function joinTallies(into: CrossingTally, rest: CrossingTally): void {
  into.in += rest.in;
  into.out += rest.out;
  into.varianceIn += rest.varianceIn;
  into.varianceOut += rest.varianceOut;
  for (const [reason, count] of Object.entries(rest.rejected) as [keyof typeof rest.rejected, number][]) {
    into.rejected[reason] = (into.rejected[reason] ?? 0) + count;
  }
}
