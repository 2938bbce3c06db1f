/** Detector types that differ in timing. */
export type PirType = 'hc-sr501' | 'am312' | 'ekmc';

interface PirTiming {
  /** The output stays on for this long after the last motion. */
  readonly holdSeconds: number;
  /** Blind for this long after the output has fallen. */
  readonly lockOutSeconds: number;
  /** False pulses while the detector settles after power-on, at these seconds. */
  readonly falsePulses: readonly number[];
  /** Nothing is to be believed before this. */
  readonly warmUpSeconds: number;
}

/**
 * Timings by type: HC-SR501 by its manuals (hold at the short end of its potentiometer), AM312 by its
 * sheet, EKMC follows its element. Real ones differ from piece to piece.
 */
export const pirTimings: Readonly<Record<PirType, PirTiming>> = {
  'hc-sr501': { holdSeconds: 2.5, lockOutSeconds: 2.5, falsePulses: [5, 22, 41], warmUpSeconds: 60 },
  am312: { holdSeconds: 2, lockOutSeconds: 2, falsePulses: [4], warmUpSeconds: 20 },
  ekmc: { holdSeconds: 0.05, lockOutSeconds: 0, falsePulses: [], warmUpSeconds: 30 },
};

/** Whether something warm moves in the detector's field at a time. */
export interface MotionScene {
  moves(atSeconds: number): boolean;
}

export interface PirLevelChange {
  readonly atSeconds: number;
  readonly level: 0 | 1;
}

/** The element is looked at this often; its own time constant is longer. */
const stepSeconds = 0.02;

/** The output pin of a passive infrared detector, powered at `poweredAtSeconds`. */
export class EmulatedPir {
  readonly #scene: MotionScene;
  readonly #timing: PirTiming;
  readonly #poweredAtSeconds: number;
  #nextSeconds: number;
  #onUntilSeconds = Number.NEGATIVE_INFINITY;
  #blindUntilSeconds = Number.NEGATIVE_INFINITY;
  #falsePulse = 0;
  #level: 0 | 1 = 0;

  constructor(options: { scene: MotionScene; type: PirType; poweredAtSeconds: number }) {
    this.#scene = options.scene;
    this.#timing = pirTimings[options.type];
    this.#poweredAtSeconds = options.poweredAtSeconds;
    this.#nextSeconds = options.poweredAtSeconds;
  }

  /** Changes of the output up to `untilSeconds`, each told once. */
  changes(untilSeconds: number): PirLevelChange[] {
    const changes: PirLevelChange[] = [];
    for (; this.#nextSeconds <= untilSeconds; this.#nextSeconds += stepSeconds) {
      const level = this.#levelAt(this.#nextSeconds);
      if (level === this.#level) continue;
      this.#level = level;
      changes.push({ atSeconds: this.#nextSeconds, level });
    }
    return changes;
  }

  #levelAt(atSeconds: number): 0 | 1 {
    const { holdSeconds, lockOutSeconds, falsePulses } = this.#timing;
    const isOn = this.#level === 1;
    if (isOn && atSeconds >= this.#onUntilSeconds) this.#blindUntilSeconds = atSeconds + lockOutSeconds;
    const falsePulseAt = falsePulses[this.#falsePulse];
    const isFalse = falsePulseAt !== undefined && atSeconds - this.#poweredAtSeconds >= falsePulseAt;
    if (isFalse) this.#falsePulse += 1;
    const sees = atSeconds >= this.#blindUntilSeconds && (isFalse || this.#scene.moves(atSeconds));
    if (sees) this.#onUntilSeconds = atSeconds + holdSeconds;
    return atSeconds < this.#onUntilSeconds ? 1 : 0;
  }
}
