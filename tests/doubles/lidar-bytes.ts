import { LidarFrameParser } from '../../hardware/tf-luna/lidar-frame-parser.ts';

/** A data frame with its sum, written down from the manual's table and not from our own code. */
export function lidarBytes(distanceCm: number, amplitude: number, temperatureC = 40): Uint8Array {
  const temperature = (temperatureC + 256) * 8;
  const words = [distanceCm & 0xffff, amplitude & 0xffff, temperature];
  const bytes = [0x59, 0x59, ...words.flatMap((word) => [word & 0xff, word >> 8])];
  return Uint8Array.from([...bytes, bytes.reduce((sum, byte) => sum + byte, 0) % 256]);
}

export interface MutatedRun {
  readonly mutated: number;
  readonly damagedFrames: number;
  /** Most undamaged frames that were lost after a damaged one before one was read. */
  readonly framesToResyncMax: number;
  /** Damaged frames that were read as if they were good. */
  readonly wrong: number;
  /** Of those, the ones in which a single byte was changed and none left out or made up. */
  readonly wrongAfterOneByte: number;
}

/**
 * Sends frames in chunks of random size; bursts of one to twelve bytes are changed, left out or made
 * up. Each frame carries its own number, so that what is read can be told from what was sent.
 */
export function mutatedRun(options: { readonly mutatedBytes: number; readonly seed: number }): MutatedRun {
  const random = generator(options.seed);
  const parser = new LidarFrameParser();
  const below = (limit: number) => Math.floor(random() * limit);
  let mutated = 0;
  let number = 0;
  let damagedFrames = 0;
  let framesToResyncMax = 0;
  let wrong = 0;
  let wrongAfterOneByte = 0;
  let cleanSinceDamage = 0;
  let expected = new Set<string>();
  let oneByteChanged = false;
  let readSinceDamage = false;
  const key = (distance: number, amplitude: number) => `${distance} ${amplitude}`;
  while (mutated < options.mutatedBytes) {
    number += 1;
    const distance = 20 + (number % 1100);
    const amplitude = 200 + ((number * 37) % 30_000);
    let bytes = [...lidarBytes(distance, amplitude)];
    const clean = random() < 0.6;
    if (clean) {
      cleanSinceDamage += 1;
    } else {
      const count = 1 + below(12);
      let changes = 0;
      for (let change = 0; change < count; change += 1) {
        const place = below(bytes.length);
        const kind = below(3);
        if (kind === 0) changes += 1;
        const value = random() < 0.3 ? 0x59 : below(256);
        if (kind === 0) bytes[place] = bytes[place] === value ? value ^ 1 : value;
        else if (kind === 1) bytes.splice(place, 1);
        else bytes.splice(place, 0, value);
        if (bytes.length === 0) bytes = [value];
      }
      mutated += count;
      damagedFrames += 1;
      oneByteChanged = count === 1 && changes === 1;
      cleanSinceDamage = 0;
      readSinceDamage = false;
    }
    expected.add(key(distance, amplitude));
    if (expected.size > 8) expected = new Set([...expected].slice(-4));
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + below(5);
      parser.push(Uint8Array.from(bytes.slice(at, at + size)), (item) => {
        if (item.kind !== 'frame') return;
        if (expected.has(key(item.distanceCm, item.amplitude))) readSinceDamage = true;
        else {
          wrong += 1;
          if (oneByteChanged) wrongAfterOneByte += 1;
        }
      });
      at += size;
    }
    if (!readSinceDamage) framesToResyncMax = Math.max(framesToResyncMax, cleanSinceDamage);
  }
  return { mutated, damagedFrames, framesToResyncMax, wrong, wrongAfterOneByte };
}

/** A small reproducible generator (Lehmer, 2^31 - 1). */
function generator(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
