import type { SensorFlag } from '../../gateway/contract/count-batch.ts';
import type { FlagSpan } from './counter.ts';

/** Which flags are up and since when; hands over a span when one is raised and again when it ends. */
export class FlagBook {
  readonly #since = new Map<SensorFlag, number>();
  readonly #hand: (span: FlagSpan) => void;

  constructor(hand: (span: FlagSpan) => void) {
    this.#hand = hand;
  }

  isUp(flag: SensorFlag): boolean {
    return this.#since.has(flag);
  }

  raise(flag: SensorFlag, fromSeconds: number): void {
    if (this.#since.has(flag)) return;
    this.#since.set(flag, fromSeconds);
    this.#hand({ flag, fromSeconds, toSeconds: null });
  }

  end(flag: SensorFlag, toSeconds: number): void {
    const fromSeconds = this.#since.get(flag);
    if (fromSeconds === undefined) return;
    this.#since.delete(flag);
    this.#hand({ flag, fromSeconds, toSeconds: Math.max(fromSeconds, toSeconds) });
  }

  /** Raises or ends a flag as its condition says; `fromSeconds` is when the condition began. */
  set(flag: SensorFlag, isWrong: boolean, fromSeconds: number, nowSeconds: number): void {
    if (isWrong) this.raise(flag, fromSeconds);
    else this.end(flag, nowSeconds);
  }
}
