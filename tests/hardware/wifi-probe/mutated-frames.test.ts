import { expect, test } from 'vitest';
import { mutateFrames } from '../../simulation/mutated-frames.ts';

/** A second of work; `npm run soak -- frames` runs a million and more. */
const frames = 50_000;

test('50,000 mutated frames are judged without a throw or a read past their end', () => {
  const result = mutateFrames(frames, 20_260_302);
  expect(result.failures).toEqual([]);
  expect(result.frames).toBe(frames);
  // The mutations reach all verdicts, or they would prove nothing.
  expect(Math.min(result.probe, result.other, result.malformed)).toBeGreaterThan(1000);
  expect(result.captures).toBe(frames / 20);
});
