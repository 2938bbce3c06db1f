import { mutateFrames } from '../../tests/simulation/mutated-frames.ts';

const framesDefault = 1_000_000;
const framesPerSeed = 50_000;

/**
 * Judges at least a million mutated frames and damaged captures. Prints one line; returns false
 * and the seeds where a frame made the parser throw or read past its end.
 */
export async function soakFrames(options: { frames?: number; seed?: number } = {}): Promise<boolean> {
  const wanted = options.frames ?? framesDefault;
  const first = options.seed ?? 1;
  const beganMs = performance.now();
  const total = { frames: 0, probe: 0, other: 0, malformed: 0, captures: 0 };
  const failures: string[] = [];
  for (let seed = first; total.frames < wanted; seed += 1) {
    const result = mutateFrames(framesPerSeed, seed);
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += result[key];
    failures.push(...result.failures);
  }
  const seconds = (performance.now() - beganMs) / 1000;
  console.log(
    `frames: ${total.frames} mutated frames (${total.probe} probe, ${total.other} other, ${total.malformed} malformed) ` +
      `and ${total.captures} damaged captures in ${seconds.toFixed(1)} s, ${failures.length} failures`,
  );
  for (const failure of failures.slice(0, 20)) console.error(failure);
  return failures.length === 0;
}
