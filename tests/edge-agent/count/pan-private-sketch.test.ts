import { describe, expect, test } from 'vitest';
import { coinsOf, PanPrivateSketch } from '../../../edge-agent/count/pan-private-sketch.ts';
import { type Randomness, seededRandomness } from '../../../edge-agent/count/randomness.ts';

const bits = 64;
const phone = Uint8Array.of(2, 9, 8, 7, 6, 5);

/** Remembers the views it filled, which is how a test sees the sketch's memory. */
class WatchedRandomness implements Randomness {
  readonly memory = new Set<ArrayBuffer>();
  readonly #source = seededRandomness(5);

  fill(bytes: Uint8Array<ArrayBuffer>): void {
    this.memory.add(bytes.buffer);
    this.#source.fill(bytes);
  }
}

/** Number of set bits over many windows, with and without one phone that comes `times` times. */
function distribution(times: number, epsilon: number, windows: number): number[] {
  const seen = Array.from({ length: bits + 1 }, () => 0);
  const sketch = new PanPrivateSketch({ bits, epsilon, randomness: seededRandomness(1000 + times) });
  for (let window = 0; window < windows; window += 1) {
    sketch.begin();
    for (let n = 0; n < times; n += 1) sketch.arrive(phone, 0);
    seen[sketch.setBits()]! += 1;
  }
  return seen;
}

describe('the pan-private bits', () => {
  test.each([0.5, 1, 2, 4])('draw coins whose odds differ by exactly e^epsilon at epsilon %d', (epsilon) => {
    const { p, q } = coinsOf(epsilon);
    expect(p / q).toBeCloseTo(Math.exp(epsilon), 10);
    expect((1 - q) / (1 - p)).toBeCloseTo(Math.exp(epsilon), 10);
  });

  test.each([1, 2])(
    'make one phone at most e^epsilon likelier, to whoever sees its own bit, epsilon %i',
    (epsilon) => {
      // The intruder knows the key, so the phone's bit: with one bit in the sketch every bit is its own.
      const windows = 40_000;
      const share = (times: number) => {
        const sketch = new PanPrivateSketch({ bits: 1, epsilon, randomness: seededRandomness(77 + times) });
        let set = 0;
        for (let window = 0; window < windows; window += 1) {
          sketch.begin();
          for (let n = 0; n < times; n += 1) sketch.arrive(phone, 0);
          set += sketch.setBits();
        }
        return set / windows;
      };
      const absent = share(0);
      for (const times of [1, 2, 50]) {
        const present = share(times);
        // Four standard errors of the ratio of two shares, the smaller of which decides.
        const slack = 4 * Math.sqrt(2 / (windows * Math.min(absent, 1 - present)));
        expect(present / absent).toBeLessThanOrEqual(Math.exp(epsilon) * (1 + slack));
        expect((1 - absent) / (1 - present)).toBeLessThanOrEqual(Math.exp(epsilon) * (1 + slack));
        // And the bound is used: a weaker effect would only be a larger error.
        expect(present / absent).toBeGreaterThan(Math.exp(epsilon) * (1 - slack));
      }
    },
  );

  test('do not tell how often a phone came', () => {
    const windows = 20_000;
    const once = distribution(1, 2, windows);
    const often = distribution(20, 2, windows);
    // Two samples of one distribution: chi-square over the classes that were seen often enough.
    let chiSquare = 0;
    let classes = 0;
    for (let set = 0; set <= bits; set += 1) {
      const both = once[set]! + often[set]!;
      if (both < 20) continue;
      chiSquare += (once[set]! - often[set]!) ** 2 / both;
      classes += 1;
    }
    // Mean classes − 1, standard deviation √(2·(classes − 1)): four of them.
    expect(classes).toBeGreaterThan(8);
    expect(chiSquare).toBeLessThan(classes - 1 + 4 * Math.sqrt(2 * (classes - 1)));
  });

  test('are gone with key and coins after a wipe', () => {
    const randomness = new WatchedRandomness();
    const sketch = new PanPrivateSketch({ bits: 256, epsilon: 2, randomness });
    sketch.begin();
    sketch.arrive(phone, 0);
    const memory = [...randomness.memory].map((buffer) => new Uint8Array(buffer));
    expect(memory.length).toBe(2);
    expect(memory.every((bytes) => bytes.some((byte) => byte !== 0))).toBe(true);
    sketch.wipe();
    expect(memory.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
    expect(sketch.setBits()).toBe(0);
  });

  test('overwrite each coin with its use, because used coins tell the order of arrivals', () => {
    const randomness = new WatchedRandomness();
    const sketch = new PanPrivateSketch({ bits: 256, epsilon: 2, randomness });
    sketch.begin();
    const pool = [...randomness.memory]
      .map((buffer) => new Uint32Array(buffer))
      .find((words) => words.length > 1000)!;
    const unused = () => pool.filter((word) => word !== 0).length;
    const before = unused();
    for (let n = 0; n < 100; n += 1) sketch.arrive(phone, 0);
    expect(before - unused()).toBe(100);
  });
});
