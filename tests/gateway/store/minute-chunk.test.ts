import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeChunk, encodeChunk, type KeptMinute } from '../../../gateway/store/minute-chunk.ts';

const whole = (max: number) => fc.integer({ min: 0, max });
const minute: fc.Arbitrary<KeptMinute> = fc.record({
  sequence: whole(2 ** 48),
  startMs: whole(4e12),
  durationMs: whole(300_000),
  coverageMs: whole(300_000),
  values: fc.tuple(whole(1e9), fc.integer({ min: -1e12, max: 1e12 }), whole(9)),
  flags: whole(1023),
  extra: fc.constantFrom('', '{"turned-back":1}', 'ä€😀'),
  epochKey: whole(1e6),
  circumstanceKey: whole(1e6),
  hash: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
});

test('what is encoded comes back, in any order, with and without hashes', () => {
  fc.assert(
    fc.property(fc.array(minute, { maxLength: 70 }), (minutes) => {
      expect(decodeChunk(encodeChunk(minutes, true))).toEqual(minutes);
      expect(decodeChunk(encodeChunk(minutes, false))).toEqual(
        minutes.map((one) => ({ ...one, hash: null })),
      );
    }),
    { numRuns: 200 },
  );
});

test('bytes that end too early or come from the future are not taken for minutes', () => {
  const [bytes] = fc
    .sample(fc.array(minute, { minLength: 3, maxLength: 9 }), { numRuns: 1, seed: 7 })
    .map((minutes) => encodeChunk(minutes, true));
  expect(() => decodeChunk(bytes!.subarray(0, 9))).toThrow(/end too early/);
  expect(() => decodeChunk(Uint8Array.of(9, ...bytes!.subarray(1)))).toThrow(/format of the future/);
});
