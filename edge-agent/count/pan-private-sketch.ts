import type { Randomness } from './randomness.ts';
import { sipHash24, wipeableWords } from './siphash.ts';

/** Coins drawn at once: a call into the system's generator costs as much as a hundred of them. */
const coinPool = 4096;
const addressBytes = 6;

export interface SketchOptions {
  /** Number of bits; few on purpose, so that many radios share one. */
  readonly bits: number;
  /** What an intruder with key and bits may learn: odds about one phone change by at most e^epsilon. */
  readonly epsilon: number;
  readonly randomness: Randomness;
}

/** The coins of one epsilon: an untouched bit is set with probability `q`, a touched one with `p`. */
export function coinsOf(epsilon: number): { readonly p: number; readonly q: number } {
  // p/q = (1 − q)/(1 − p) = e^epsilon: both bounds are used up, which gives the smallest error.
  const q = 1 / (1 + Math.exp(epsilon));
  return { p: 1 - q, q };
}

/**
 * Pan-private distinct counting (Dwork, Naor, Pitassi, Rothblum, Yekhanin: "Pan-private streaming
 * algorithms", ICS 2010): each bit starts as a coin of probability q; an arrival draws the bit
 * that a keyed hash of its address picks again, with probability p. A bit thus never tells how often
 * a radio came, and whether it came at all only up to e^epsilon. Key and bits live in memory that `wipe`
 * overwrites; they are never handed out but to `setBits`.
 */
export class PanPrivateSketch {
  readonly #bits: number;
  readonly #randomness: Randomness;
  readonly #touchedBelow: number;
  readonly #untouchedBelow: number;
  // More than 64 bytes each: see wipeableWords.
  readonly #state: Uint8Array;
  readonly #key = new Int32Array(wipeableWords);
  readonly #hash = new Int32Array(wipeableWords);
  readonly #coins = new Uint32Array(coinPool);
  #coinsLeft = 0;

  constructor(options: SketchOptions) {
    const { p, q } = coinsOf(options.epsilon);
    this.#bits = options.bits;
    this.#randomness = options.randomness;
    this.#touchedBelow = p * 2 ** 32;
    this.#untouchedBelow = q * 2 ** 32;
    this.#state = new Uint8Array(Math.max(options.bits, wipeableWords * 4));
  }

  /** Begins a window: a new key, and every bit a coin. */
  begin(): void {
    this.#randomness.fill(new Uint8Array(this.#key.buffer, 0, 16));
    for (let i = 0; i < this.#bits; i += 1) this.#state[i] = this.#coin(this.#untouchedBelow);
  }

  /** An arrival of the radio whose address lies at `address[from, from + 6)`. */
  arrive(address: Uint8Array, from: number): void {
    sipHash24(this.#key, address, from, addressBytes, this.#hash);
    const bit = (this.#hash[0]! >>> 0) % this.#bits;
    this.#state[bit] = this.#coin(this.#touchedBelow);
  }

  /** The number of set bits: the only thing that leaves. */
  setBits(): number {
    let set = 0;
    for (let i = 0; i < this.#bits; i += 1) set += this.#state[i]!;
    return set;
  }

  /** Overwrites key, bits, hash and coins. */
  wipe(): void {
    this.#key.fill(0);
    this.#hash.fill(0);
    this.#state.fill(0);
    this.#coins.fill(0);
    this.#coinsLeft = 0;
  }

  #coin(below: number): 0 | 1 {
    if (this.#coinsLeft === 0) {
      this.#randomness.fill(new Uint8Array(this.#coins.buffer));
      this.#coinsLeft = coinPool;
    }
    this.#coinsLeft -= 1;
    const drawn = this.#coins[this.#coinsLeft]!;
    // Used coins in memory would tell in which order bits were drawn.
    this.#coins[this.#coinsLeft] = 0;
    return drawn < below ? 1 : 0;
  }
}
