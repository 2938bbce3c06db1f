import type { Clock } from '../../hardware/clock.ts';
import type { Random, Timeline } from './timeline.ts';

/** Thrown through code whose process has died in the middle of a call. Nobody is there to catch it. */
export class ProcessDied extends Error {
  constructor() {
    super('the process is dead');
    this.name = 'ProcessDied';
  }
}

const never = new Promise<never>(() => {});

/**
 * One run of a program. All that it awaits outside of itself goes through `through`, so that death
 * at any await leaves its code waiting for ever and its files as they were at that await.
 */
export class SimProcess {
  readonly name: string;
  readonly #die: (process: SimProcess) => void;
  #awaitsToLive = Number.POSITIVE_INFINITY;
  alive = true;

  constructor(name: string, die: (process: SimProcess) => void) {
    this.name = name;
    this.#die = die;
  }

  /** The process will die at the n-th await from now. */
  doom(awaits: number): void {
    this.#awaitsToLive = Math.min(this.#awaitsToLive, awaits);
  }

  pardon(): void {
    this.#awaitsToLive = Number.POSITIVE_INFINITY;
  }

  /** Dies now: whoever calls takes the files. */
  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    this.#die(this);
  }

  /** An await of this process: it may die before, or after what was awaited has happened. */
  async through<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#passes()) return never;
    try {
      const result = await work();
      if (this.#passes()) return never;
      return result;
    } catch (cause) {
      if (!this.alive) return never;
      throw cause;
    }
  }

  /** Throws where the process is dead; for calls that cannot wait. */
  mustLive(): void {
    if (!this.alive) throw new ProcessDied();
  }

  #passes(): boolean {
    if (!this.alive) return true;
    this.#awaitsToLive -= 1;
    if (this.#awaitsToLive <= 0) this.kill();
    return !this.alive;
  }
}

/** A machine's clocks: the monotonic one since its boot, and a wall clock that may be wrong. */
export class Machine {
  readonly timeline: Timeline;
  readonly bootId: string;
  readonly bootedAtSeconds: number;
  /** What the wall clock says minus what is true. */
  wallErrorSeconds: number;
  vouches: boolean;
  vouchesSinceSeconds: number;
  /** A busy machine wakes sleepers only on this grid: an hour of it costs one beat. */
  grainSeconds: number;

  constructor(
    timeline: Timeline,
    state: { bootId: string; wallErrorSeconds: number; vouches: boolean; grainSeconds: number },
  ) {
    this.timeline = timeline;
    this.bootId = state.bootId;
    this.bootedAtSeconds = timeline.nowSeconds;
    this.wallErrorSeconds = state.wallErrorSeconds;
    this.vouches = state.vouches;
    this.vouchesSinceSeconds = timeline.nowSeconds;
    this.grainSeconds = state.grainSeconds;
  }

  nowSeconds(): number {
    return this.timeline.nowSeconds - this.bootedAtSeconds;
  }

  /** When a sleeper is woken. */
  wakeSeconds(seconds: number): number {
    const due = this.timeline.nowSeconds + Math.max(0, seconds);
    if (seconds < 0.5 || this.grainSeconds <= 1) return due;
    // A late beat is followed by one in time, as after a stall: the loop lets late readings go first.
    if (due % this.grainSeconds <= 1.01) return due;
    return Math.ceil(due / this.grainSeconds) * this.grainSeconds;
  }
}

/** Seconds since 1970 at the simulation's zero: Saturday before the October night with two 02:30. */
export const epochSecondsAtStart = Date.UTC(2026, 9, 24, 12, 0, 17) / 1000;

/** The clock as one process sees it. */
export function processClock(
  process: SimProcess,
  machine: Machine,
): Clock & {
  readonly bootId: string;
  wallSeconds(): number;
  synchronized(): Promise<boolean>;
} {
  const { timeline, bootId } = machine;
  return {
    bootId,
    nowSeconds: () => machine.nowSeconds(),
    wallSeconds: () => epochSecondsAtStart + timeline.nowSeconds + machine.wallErrorSeconds,
    synchronized: () => process.through(async () => machine.vouches),
    sleep: (seconds, signal) => process.through(() => sleep(machine, seconds, signal)),
  };
}

function sleep(machine: Machine, seconds: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    machine.timeline.at(machine.wakeSeconds(seconds), finish);
    signal?.addEventListener('abort', finish, { once: true });
  });
}

export function hex(random: Random, digits: number): string {
  let text = '';
  while (text.length < digits) text += Math.floor(random() * 16).toString(16);
  return text;
}
