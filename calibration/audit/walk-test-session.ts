import { type Crossing, type Rejection, settleSecondsMax } from '../../edge-agent/count/counter.ts';
import type { ClosedInterval } from '../../edge-agent/interval/closed-interval.ts';
import { Lane } from '../../edge-agent/lane.ts';
import type { SensorFlag } from '../../gateway/contract/count-batch.ts';
import { noProfileHash, type SensorProfile } from '../../gateway/contract/site-profile.ts';
import type { DistanceChunk, SensorDescription } from '../../hardware/sensor.ts';
import { alignTaps, lagBounds, type Outcome, reachSeconds } from './align-taps.ts';
import type { PassageTap } from './passage-tap.ts';
import { TapBook } from './tap-book.ts';
import { type WalkTestResult, walkTestResult } from './walk-test-result.ts';

/**
 * A passage is judged when nothing about it can change any more: the engine settles within its own
 * time, and a tap may belong to a crossing that far away. Judging matches at once and misses later
 * would show too good a share meanwhile.
 */
export const judgedAfterSeconds = settleSecondsMax + reachSeconds + lagBounds.mostSeconds;

/** How the test stands. */
export interface Standing {
  readonly seconds: number;
  /** Taps that cannot be judged yet. */
  readonly pending: number;
  /** What the counter shows now, before it has settled. */
  readonly live: { readonly in: number; readonly out: number };
  readonly last: PassageTap | null;
  readonly result: WalkTestResult;
}

/** What a finished test found. */
export interface FinishedWalkTest {
  readonly result: WalkTestResult;
  readonly outcomes: readonly Outcome[];
  readonly rejections: readonly Rejection[];
  readonly flags: readonly SensorFlag[];
  readonly engine: string;
  readonly seconds: number;
  readonly coverageSeconds: number;
}

/** The counter that will count here and somebody who taps what passes, side by side. */
export class WalkTestSession {
  readonly book = new TapBook();
  readonly #lane: Lane;
  readonly #startSeconds: number;
  readonly #crossings: Crossing[] = [];
  readonly #rejections: Rejection[] = [];
  readonly #flags = new Set<SensorFlag>();
  readonly #intervals: ClosedInterval[] = [];

  constructor(options: {
    readonly description: SensorDescription;
    readonly profile: SensorProfile | null;
    readonly startSeconds: number;
  }) {
    this.#startSeconds = options.startSeconds;
    this.#lane = new Lane({
      slot: 'walk-test',
      profileHash: noProfileHash,
      calendar: { trust: 'none' },
      ...options,
      observer: {
        crossing: (crossing) => this.#crossings.push(crossing),
        rejection: (rejection) => this.#rejections.push(rejection),
        flag: ({ flag }) => this.#flags.add(flag),
      },
    });
  }

  /** The sensor's time that the test has come to. */
  get nowSeconds(): number {
    return this.#lane.nowSeconds;
  }

  take(chunk: DistanceChunk): void {
    this.#intervals.push(...this.#lane.take(chunk));
  }

  standing(): Standing {
    const { taps, last } = this.book;
    const { outcomes, lagSeconds } = alignTaps(taps, this.#crossings);
    const until = this.nowSeconds - judgedAfterSeconds;
    const judged = outcomes.filter((outcome) => secondsOf(outcome) <= until);
    return {
      seconds: this.nowSeconds - this.#startSeconds,
      pending: taps.filter(({ atSeconds }) => atSeconds > until).length,
      live: this.#lane.live ?? { in: 0, out: 0 },
      last,
      result: walkTestResult(judged, lagSeconds),
    };
  }

  /** Settles and judges everything; the session is over. */
  finish(): FinishedWalkTest {
    this.#intervals.push(...this.#lane.finish());
    const { outcomes, lagSeconds } = alignTaps(this.book.taps, this.#crossings);
    return {
      result: walkTestResult(outcomes, lagSeconds),
      outcomes,
      rejections: this.#rejections,
      flags: [...this.#flags],
      engine: this.#intervals.at(-1)?.engine ?? '',
      seconds: this.nowSeconds - this.#startSeconds,
      coverageSeconds: this.#intervals.reduce((sum, interval) => sum + interval.coverageSeconds, 0),
    };
  }
}

const secondsOf = (outcome: Outcome): number =>
  outcome.kind === 'invented' ? outcome.crossing.atSeconds : outcome.tap.atSeconds;
