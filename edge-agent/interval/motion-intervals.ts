import type { MotionChunk } from '../../hardware/sensor.ts';
import type { Direction, FlagSpan, MotionSink } from '../count/counter.ts';
import { type ClosedMotionInterval, type IntervalSource, roundToThousandths } from './closed-interval.ts';
import { type Calendar, type Cell, MinuteCells } from './minute-cells.ts';

/** What a minute of a motion detector sums up. */
export interface MotionTally {
  activations: number;
  activeSeconds: number;
  orderedIn: number;
  orderedOut: number;
}

/** Flags during which a motion detector does not look. */
const blindFlags: ReadonlySet<string> = new Set(['warming-up', 'no-answer']);

/** A driver tells at least every second that its detector is watched; after this it is not any more. */
const unwatchedSecondsMax = 2.5;

export interface MotionIntervalsOptions {
  readonly source: IntervalSource;
  readonly startSeconds: number;
  readonly calendar: Calendar;
}

/**
 * Turns activations and level changes into closed minutes. A detector speaks only when something
 * moves, so it is taken to look whenever it is neither warming up nor known to be silent, and as long as
 * its driver says so.
 */
export class MotionIntervals implements MotionSink {
  readonly kind = 'motion';
  readonly cells: MinuteCells<MotionTally>;
  readonly #source: IntervalSource;
  readonly #blind = new Set<string>();
  /** Zones whose output is on, as bits. */
  #activeZones = 0;
  #toldSeconds: number;
  /** How far the detector was watched; null where the source does not tell. */
  #watchedSeconds: number | null = null;
  /** Nothing before was looked at by this one. */
  readonly #startSeconds: number;

  constructor(options: MotionIntervalsOptions) {
    this.#source = options.source;
    this.#toldSeconds = options.startSeconds;
    this.#startSeconds = options.startSeconds;
    this.cells = new MinuteCells({
      startSeconds: options.startSeconds,
      calendar: options.calendar,
      emptyTally: () => ({ activations: 0, activeSeconds: 0, orderedIn: 0, orderedOut: 0 }),
      join: joinTallies,
    });
  }

  /** Takes level changes; activations come from the counter. */
  take(chunk: MotionChunk): void {
    for (let at = 0; at < chunk.length; at += 1) {
      this.advance(chunk.atSeconds[at]!);
      const bit = 1 << chunk.zone[at]!;
      this.#activeZones = chunk.active[at] === 1 ? this.#activeZones | bit : this.#activeZones & ~bit;
    }
    if (chunk.progressSeconds !== undefined) this.#watchedSeconds = chunk.progressSeconds;
  }

  /** Says that time has come to `atSeconds` even if nothing moved. */
  advance(atSeconds: number): void {
    if (atSeconds <= this.#toldSeconds) return;
    this.cells.advance(atSeconds);
    const watched = this.#watchedSeconds === null || atSeconds - this.#watchedSeconds <= unwatchedSecondsMax;
    this.cells.share(this.#toldSeconds, atSeconds, (cell, seconds) => {
      if (watched && this.#blind.size === 0) cell.coverageSeconds += seconds;
      if (this.#activeZones !== 0) cell.tally.activeSeconds += seconds;
    });
    this.#toldSeconds = atSeconds;
  }

  activation(activation: { readonly atSeconds: number; readonly order: Direction | null }): void {
    const { tally } = this.cells.at(activation.atSeconds);
    tally.activations += 1;
    if (activation.order === 'in') tally.orderedIn += 1;
    if (activation.order === 'out') tally.orderedOut += 1;
  }

  /** Activity is taken from the levels themselves: a span is told only when it ends. */
  active(): void {}

  flag(span: FlagSpan): void {
    this.cells.flag(span.flag, span.fromSeconds, span.toSeconds);
    if (!blindFlags.has(span.flag)) return;
    const wasBlind = this.#blind.size > 0;
    const from = Math.max(span.fromSeconds, this.cells.open[0]!.fromSeconds, this.#startSeconds);
    const correct = (fromSeconds: number, sign: 1 | -1) =>
      this.cells.share(fromSeconds, this.#toldSeconds, (cell, seconds) => {
        cell.coverageSeconds += sign * seconds;
      });
    if (span.toSeconds === null) {
      this.#blind.add(span.flag);
      // The counter tells with delay: what was credited since then is taken back.
      if (!wasBlind && from < this.#toldSeconds) correct(from, -1);
    } else if (
      this.#blind.delete(span.flag) &&
      this.#blind.size === 0 &&
      span.toSeconds < this.#toldSeconds
    ) {
      correct(span.toSeconds, 1);
    }
  }

  /** The minutes whose findings are final at `atSeconds`. */
  close(atSeconds: number): ClosedMotionInterval[] {
    return this.cells.close(atSeconds).map((cell) => this.#closed(cell));
  }

  /** Ends at `atSeconds` and closes everything, the running minute as a part. */
  finish(atSeconds: number): ClosedMotionInterval[] {
    this.advance(atSeconds);
    return this.closeAbandoned(this.cells.finish(atSeconds));
  }

  /** Intervals of cells that nothing can be added to; a rest too short to tell anything is none. */
  closeAbandoned(cells: readonly Cell<MotionTally>[]): ClosedMotionInterval[] {
    return cells
      .filter((cell) => cell.toSeconds - cell.fromSeconds >= 1 || cell.tally.activations > 0)
      .map((cell) => this.#closed(cell));
  }

  #closed(cell: Cell<MotionTally>): ClosedMotionInterval {
    const durationSeconds = Math.max(1, roundToThousandths(cell.toSeconds - cell.fromSeconds));
    const withinDuration = (seconds: number) =>
      Math.max(0, Math.min(durationSeconds, roundToThousandths(seconds)));
    return {
      kind: 'motion',
      sensor: this.#source.sensor,
      place: { atSeconds: roundToThousandths(cell.fromSeconds), epochSeconds: cell.epochSeconds },
      durationSeconds,
      coverageSeconds: withinDuration(cell.coverageSeconds),
      flags: cell.flags,
      engine: this.#source.engine,
      profile: this.#source.profile,
      clock: cell.clock,
      activations: cell.tally.activations,
      activeSeconds: withinDuration(cell.tally.activeSeconds),
      orderedIn: cell.tally.orderedIn,
      orderedOut: cell.tally.orderedOut,
    };
  }
}

function joinTallies(into: MotionTally, rest: MotionTally): void {
  into.activations += rest.activations;
  into.activeSeconds += rest.activeSeconds;
  into.orderedIn += rest.orderedIn;
  into.orderedOut += rest.orderedOut;
}
