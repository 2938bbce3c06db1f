import type { SensorFlag } from '../gateway/contract/count-batch.ts';
import type { SensorProfile } from '../gateway/contract/site-profile.ts';
import type { ReadingChunk, SensorDescription } from '../hardware/sensor.ts';
import type { CrossingSink, FlagSpan, MotionSink, PresenceSink } from './count/counter.ts';
import { type Counter, createCounter } from './count/create-counter.ts';
import type { ClosedInterval } from './interval/closed-interval.ts';
import { CrossingIntervals } from './interval/crossing-intervals.ts';
import type { Calendar, Cell } from './interval/minute-cells.ts';
import { MotionIntervals } from './interval/motion-intervals.ts';
import { PresenceIntervals } from './interval/presence-intervals.ts';

/** Hears what a lane's counter finds, beside the intervals: for replay and calibration. */
export type FindingObserver = Partial<CrossingSink & MotionSink & PresenceSink>;

export interface LaneOptions {
  readonly slot: string;
  readonly description: SensorDescription;
  readonly profile: SensorProfile | null;
  readonly profileHash: string;
  /** The sensor's time at which it begins: 0 for a recording, now for a live sensor. */
  readonly startSeconds: number;
  readonly calendar: Calendar;
  readonly observer?: FindingObserver;
}

/** A counter with the intervals of its kind. */
type Work =
  | (Extract<Counter, { kind: 'crossing' }> & { readonly intervals: CrossingIntervals })
  | (Extract<Counter, { kind: 'motion' }> & { readonly intervals: MotionIntervals })
  | (Extract<Counter, { kind: 'presence' }> & { readonly intervals: PresenceIntervals });

/** One sensor's way: readings → counter → intervals. Time comes from the readings and `advance`. */
export class Lane {
  readonly slot: string;
  readonly description: SensorDescription;
  readonly #work: Work;
  readonly #observer: FindingObserver;
  readonly #flags = new Set<SensorFlag>();
  #nowSeconds: number;
  readings = 0;

  constructor(options: LaneOptions) {
    this.slot = options.slot;
    this.description = options.description;
    this.#observer = options.observer ?? {};
    this.#nowSeconds = options.startSeconds;
    this.#work = createWork(options);
  }

  /** The sensor's time up to which everything was taken. */
  get nowSeconds(): number {
    return this.#nowSeconds;
  }

  get kind(): Work['kind'] {
    return this.#work.kind;
  }

  /** Flags that are raised now. */
  get flags(): readonly SensorFlag[] {
    return [...this.#flags];
  }

  /** Totals since the start, before to-and-fro is settled; null where nothing of the kind is counted. */
  get live(): { readonly in: number; readonly out: number } | null {
    return this.#work.kind === 'crossing' ? this.#work.counter.live : null;
  }

  /** How presence is listened to; null for a lane of another kind. */
  get wifiMode(): 'rate' | 'hashing' | null {
    return this.#work.kind === 'presence' ? this.#work.counter.mode : null;
  }

  /**
   * Minutes that are not closed, as plain data; null for presence, whose open window lives in memory
   * and nowhere else (privacy.md, section 3).
   */
  get openCells(): readonly Cell<unknown>[] | null {
    return this.#work.kind === 'presence' ? null : this.#work.intervals.cells.open;
  }

  /** Takes a chunk and returns what has closed by it. */
  take(chunk: ReadingChunk): ClosedInterval[] {
    const work = this.#work;
    if (work.kind === 'crossing' && chunk.kind === 'distance') {
      work.intervals.take(chunk);
      work.counter.take(chunk);
    } else if (work.kind === 'motion' && chunk.kind === 'motion') {
      work.intervals.take(chunk);
      work.counter.take(chunk);
    } else if (work.kind === 'presence' && chunk.kind === 'probe') {
      work.counter.take(chunk);
      this.#nowSeconds = Math.max(this.#nowSeconds, chunk.progressSeconds);
    } else throw new Error(`${this.slot}: a ${work.kind} counter was given a ${chunk.kind} chunk`);
    this.readings += chunk.length;
    if (chunk.length > 0) this.#nowSeconds = Math.max(this.#nowSeconds, chunk.atSeconds[chunk.length - 1]!);
    return this.#close();
  }

  /** Says that time has come to `atSeconds` even if no reading did; returns what has closed by it. */
  advance(atSeconds: number): ClosedInterval[] {
    if (atSeconds <= this.#nowSeconds) return [];
    this.#nowSeconds = atSeconds;
    if (this.#work.kind !== 'presence') this.#work.intervals.advance(atSeconds);
    this.#work.counter.advance(atSeconds);
    return this.#close();
  }

  /** Says how the sensor's time relates to the calendar from now on. */
  adopt(calendar: Calendar): void {
    const work = this.#work;
    if (work.kind !== 'presence') {
      work.intervals.cells.adopt(this.#nowSeconds, calendar);
      return;
    }
    work.intervals.adopt(calendar);
    if (calendar.trust !== 'none') work.counter.adopt(calendar.offsetSeconds);
  }

  /** Goes on with minutes that another process of the same boot left open. */
  restore(cells: readonly Cell<unknown>[]): void {
    if (this.#work.kind !== 'presence') this.#work.intervals.cells.restore(cells as Cell<never>[]);
  }

  /** Closes minutes that another process left open and this one cannot go on with. */
  closeAbandoned(cells: readonly Cell<unknown>[]): ClosedInterval[] {
    return this.#work.kind === 'presence' ? [] : this.#work.intervals.closeAbandoned(cells as Cell<never>[]);
  }

  /** Settles and closes everything, the running minute as a part. */
  finish(): ClosedInterval[] {
    const work = this.#work;
    work.counter.finish();
    this.#drain();
    if (work.kind !== 'presence') return work.intervals.finish(this.#nowSeconds);
    work.counter.wipe();
    return work.intervals.close();
  }

  /** Notes a flag that somebody else has raised or ended, as a witness does. */
  flag(span: FlagSpan): void {
    if (this.#work.kind === 'presence') return;
    this.#noteFlag(span.flag, span.toSeconds === null);
    this.#work.intervals.flag(span);
    this.#observer.flag?.(span);
  }

  #close(): ClosedInterval[] {
    this.#drain();
    const { intervals } = this.#work;
    return intervals.kind === 'presence' ? intervals.close() : intervals.close(this.#nowSeconds);
  }

  #drain(): void {
    const work = this.#work;
    if (work.kind === 'crossing') work.counter.drain(this.#crossingSink(work.intervals));
    else if (work.kind === 'motion') work.counter.drain(this.#motionSink(work.intervals));
    else {
      const { intervals } = work;
      work.counter.drain({
        window: (window) => {
          intervals.window(window);
          this.#observer.window?.(window);
        },
      });
    }
  }

  #crossingSink(intervals: CrossingIntervals): CrossingSink {
    const observer = this.#observer;
    return {
      crossing: (crossing) => {
        intervals.crossing(crossing);
        observer.crossing?.(crossing);
      },
      rejection: (rejection) => {
        intervals.rejection(rejection);
        observer.rejection?.(rejection);
      },
      doubt: (doubt) => {
        intervals.doubt(doubt);
        observer.doubt?.(doubt);
      },
      flag: (span) => {
        this.#noteFlag(span.flag, span.toSeconds === null);
        intervals.flag(span);
        observer.flag?.(span);
      },
    };
  }

  #motionSink(intervals: MotionIntervals): MotionSink {
    const observer = this.#observer;
    return {
      activation: (activation) => {
        intervals.activation(activation);
        observer.activation?.(activation);
      },
      active: (span) => observer.active?.(span),
      flag: (span) => {
        this.#noteFlag(span.flag, span.toSeconds === null);
        intervals.flag(span);
        observer.flag?.(span);
      },
    };
  }

  #noteFlag(flag: SensorFlag, raised: boolean): void {
    if (raised) this.#flags.add(flag);
    else this.#flags.delete(flag);
  }
}

function createWork(options: LaneOptions): Work {
  const { description, slot, profile, profileHash, startSeconds, calendar } = options;
  const offset = calendar.trust === 'none' ? {} : { calendarOffsetSeconds: calendar.offsetSeconds };
  const made = createCounter(description, profile, description.timeline.kind === 'live' ? offset : {});
  const source = { sensor: slot, engine: made.counter.engine, profile: profileHash };
  switch (made.kind) {
    case 'crossing': {
      const { zones } = description;
      return { ...made, intervals: new CrossingIntervals({ source, zones, startSeconds, calendar }) };
    }
    case 'motion':
      // From here on it knows whether its detectors are warm, however late the first beat comes.
      made.counter.advance(startSeconds);
      return { ...made, intervals: new MotionIntervals({ source, startSeconds, calendar }) };
    case 'presence':
      return { ...made, intervals: new PresenceIntervals({ source, mode: made.counter.mode, calendar }) };
  }
}

/** Where a lane begins: a recording at its own 0 and calendar, a live sensor now. */
export function laneStart(
  description: SensorDescription,
  live: { readonly nowSeconds: number; readonly calendar: Calendar },
): { startSeconds: number; calendar: Calendar } {
  const { timeline } = description;
  if (timeline.kind === 'live') return { startSeconds: live.nowSeconds, calendar: live.calendar };
  return { startSeconds: 0, calendar: { trust: 'synced', offsetSeconds: timeline.startedAtEpochSeconds } };
}
