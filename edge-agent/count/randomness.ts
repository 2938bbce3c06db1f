/** Where keys and coins come from. */
export interface Randomness {
  /** Overwrites `bytes` with random bytes; at most 65,536 of them (the limit of the Web API). */
  fill(bytes: Uint8Array<ArrayBuffer>): void;
}

/**
 * The system's generator, through the Web API that needs no import. The one thing `count` takes
 * from outside: a coin that could be foretold would protect nobody.
 */
export const systemRandomness: Randomness = {
  fill: (bytes) => {
    crypto.getRandomValues(bytes);
  },
};

/**
 * Reproducible bytes for replays and simulations (mulberry32, Tommy Ettinger, public domain). Never
 * for a live agent: `createPresenceCounter` refuses it there.
 */
export function seededRandomness(seed: number): Randomness {
  let state = seed >>> 0;
  return {
    fill: (bytes) => {
      for (let i = 0; i < bytes.length; i += 4) {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        mixed ^= mixed >>> 14;
        for (let k = i; k < Math.min(i + 4, bytes.length); k += 1) {
          bytes[k] = mixed & 0xff;
          mixed >>>= 8;
        }
      }
    },
  };
}
