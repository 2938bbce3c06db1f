import type { MotionSensorProfile } from '../../gateway/contract/site-profile.ts';
import type { MotionChunk, Side, Zone } from '../../hardware/sensor.ts';
import type { Direction, FlagSpan, MotionCounter, MotionSink } from './counter.ts';

type DetectorType = MotionSensorProfile['type'];

interface DetectorTiming {
  /** How long the output stays on after motion; another rise within it belongs to the same motion. */
  readonly holdSeconds: number;
  /** How long the detector is blind after its output falls; a rise within it is no new motion. */
  readonly lockOutSeconds: number;
}

/** hold and lock-out: data sheets and manuals of HC-SR501 (Elegoo), AM312, Panasonic EKMC. */
const timings: Record<DetectorType, DetectorTiming> = {
  'hc-sr501': { holdSeconds: 0.3, lockOutSeconds: 2.5 },
  am312: { holdSeconds: 2, lockOutSeconds: 2 },
  // Its output follows the element and flickers within one passage, which takes about two seconds.
  ekmc: { holdSeconds: 2, lockOutSeconds: 0 },
};

/** HC-SR501 sends up to three false pulses in its first minute; the others settle sooner. */
export const warmUpSeconds = 60;

/** Two detectors stand less than 1 m apart and people walk faster than 0.5 m/s. */
const pairDelaySecondsMax = 2;

interface DetectorState {
  readonly side: Side;
  active: boolean;
  roseSeconds: number;
  fellSeconds: number;
}

interface PendingActivation {
  readonly atSeconds: number;
  readonly side: Side;
}

export interface MotionCounterOptions {
  readonly zones: readonly Zone[];
  /** Without a profile the slowest common detector is assumed. */
  readonly type?: DetectorType;
  /** Set on the potentiometer of the detector, where somebody noted it. */
  readonly holdSeconds?: number;
}

/** Activations after hold and lock-out, spans of activity, and the order in which a pair fired. */
class PirMotionCounter implements MotionCounter {
  readonly engine = 'motion/1';
  readonly #timing: DetectorTiming;
  readonly #detectors = new Map<number, DetectorState>();
  readonly #isPair: boolean;
  #activations: { atSeconds: number; order: Direction | null }[] = [];
  #spans: { fromSeconds: number; toSeconds: number }[] = [];
  #flags: FlagSpan[] = [];
  #pending: PendingActivation | null = null;
  #activeSinceSeconds: number | null = null;
  #nowSeconds = Number.NEGATIVE_INFINITY;
  #warmUp: 'unseen' | 'running' | 'over' = 'unseen';

  constructor(options: MotionCounterOptions) {
    const timing = timings[options.type ?? 'hc-sr501'];
    this.#timing = { ...timing, holdSeconds: options.holdSeconds ?? timing.holdSeconds };
    for (const zone of options.zones) {
      this.#detectors.set(zone.id, {
        side: zone.side,
        active: false,
        roseSeconds: Number.NEGATIVE_INFINITY,
        fellSeconds: Number.NEGATIVE_INFINITY,
      });
    }
    this.#isPair = new Set(options.zones.map((zone) => zone.side)).size === 2;
  }

  take(chunk: MotionChunk): void {
    for (let index = 0; index < chunk.length; index++) {
      const atSeconds = chunk.atSeconds[index]!;
      if (!(atSeconds >= this.#nowSeconds) || !Number.isFinite(atSeconds)) continue;
      this.advance(atSeconds);
      const detector = this.#detectors.get(chunk.zone[index]!);
      if (detector === undefined) continue;
      const active = chunk.active[index] !== 0;
      if (active === detector.active) continue;
      if (active) this.#rise(detector, atSeconds);
      else this.#fall(detector, atSeconds);
    }
  }

  advance(atSeconds: number): void {
    if (!(atSeconds >= this.#nowSeconds) || !Number.isFinite(atSeconds)) return;
    this.#nowSeconds = atSeconds;
    this.#passWarmUp(atSeconds);
    if (this.#pending !== null && atSeconds - this.#pending.atSeconds > pairDelaySecondsMax) {
      this.#report(this.#pending.atSeconds, null);
    }
  }

  drain(sink: MotionSink): void {
    for (const span of this.#flags) sink.flag(span);
    for (const activation of this.#activations) sink.activation(activation);
    for (const span of this.#spans) sink.active(span);
    this.#flags = [];
    this.#activations = [];
    this.#spans = [];
  }

  finish(): void {
    if (this.#pending !== null) this.#report(this.#pending.atSeconds, null);
    this.#endSpan(this.#nowSeconds);
    if (this.#warmUp === 'running') this.#endWarmUp(this.#nowSeconds);
  }

  /** The detector gets its power with the machine, whose clock (or recording) starts at zero. */
  #passWarmUp(atSeconds: number): void {
    if (this.#warmUp === 'unseen') {
      this.#warmUp = atSeconds < warmUpSeconds ? 'running' : 'over';
      if (this.#warmUp === 'over') return;
      this.#flags.push({ flag: 'warming-up', fromSeconds: 0, toSeconds: null });
    }
    if (this.#warmUp === 'running' && atSeconds >= warmUpSeconds) this.#endWarmUp(warmUpSeconds);
  }

  #endWarmUp(toSeconds: number): void {
    this.#warmUp = 'over';
    this.#flags.push({ flag: 'warming-up', fromSeconds: 0, toSeconds });
  }

  #rise(detector: DetectorState, atSeconds: number): void {
    detector.active = true;
    const isSame =
      atSeconds - detector.roseSeconds < this.#timing.holdSeconds ||
      atSeconds - detector.fellSeconds < this.#timing.lockOutSeconds;
    if (this.#warmUp !== 'over') return;
    this.#activeSinceSeconds ??= atSeconds;
    if (isSame) return;
    detector.roseSeconds = atSeconds;
    this.#activate(detector.side, atSeconds);
  }

  #fall(detector: DetectorState, atSeconds: number): void {
    detector.active = false;
    detector.fellSeconds = atSeconds;
    for (const other of this.#detectors.values()) if (other.active) return;
    this.#endSpan(atSeconds);
  }

  #endSpan(toSeconds: number): void {
    if (this.#activeSinceSeconds === null) return;
    this.#spans.push({ fromSeconds: this.#activeSinceSeconds, toSeconds });
    this.#activeSinceSeconds = null;
  }

  #activate(side: Side, atSeconds: number): void {
    if (!this.#isPair) {
      this.#report(atSeconds, null);
      return;
    }
    if (this.#pending === null || this.#pending.side === side) {
      if (this.#pending !== null) this.#report(this.#pending.atSeconds, null);
      this.#pending = { atSeconds, side };
      return;
    }
    // Two detectors that fire in the same instant tell no order.
    const order = atSeconds === this.#pending.atSeconds ? null : side === 'inside' ? 'in' : 'out';
    this.#report(this.#pending.atSeconds, order);
  }

  #report(atSeconds: number, order: Direction | null): void {
    this.#activations.push({ atSeconds, order });
    this.#pending = null;
  }
}

/** Counts motion, never people: see docs and hardware/pir/README.md for what a PIR can tell. */
export function createMotionCounter(options: MotionCounterOptions): MotionCounter {
  return new PirMotionCounter(options);
}
