import { expect, test } from 'vitest';
import { sipHash24, wipeableWords } from '../../../edge-agent/count/siphash.ts';

/**
 * Published vectors: key 00…0f, message 00, 01, … of 0 to 15 bytes, result as bytes (reference
 * implementation veorq/SipHash, CC0; the last one is appendix A of the paper, a129ca6149be45e5).
 */
const vectors = [
  '310e0edd47db6f72',
  'fd67dc93c539f874',
  '5a4fa9d909806c0d',
  '2d7efbd796666785',
  'b7877127e09427cf',
  '8da699cd64557618',
  'cee3fe586e46c9cb',
  '37d1018bf50002ab',
  '6224939a79f5f593',
  'b0e4a90bdf82009e',
  'f3b9dd94c5bb5d7a',
  'a7ad6b22462fb3f4',
  'fbe50e86bc8f1e75',
  '903d84c02756ea14',
  'eef27a8e90ca23f7',
  'e545be4961ca29a1',
];

const key = new Int32Array(wipeableWords);
new Uint8Array(key.buffer).set(Array.from({ length: 16 }, (_, index) => index));

test.each(vectors.map((vector, length) => [length, vector] as const))(
  'SipHash-2-4 of %i bytes is the published one, wherever the message lies',
  (length, vector) => {
    const out = new Int32Array(wipeableWords);
    for (const from of [0, 1, 5]) {
      const message = new Uint8Array(64).fill(0xee);
      message.set(
        Array.from({ length }, (_, index) => index),
        from,
      );
      sipHash24(key, message, from, length, out);
      expect(Buffer.from(out.buffer, 0, 8).toString('hex')).toBe(vector);
    }
  },
);

test('keys and results lie in memory that V8 keeps in one place, so that they can be overwritten', () => {
  // V8 allocates typed arrays of up to 64 bytes on its own heap, which the collector moves about.
  expect(wipeableWords * 4).toBeGreaterThan(64);
});
