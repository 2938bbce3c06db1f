import { mutateFrames } from '../../tests/simulation/mutated-frames.ts';

const framesDefault = 1_000_000;
const framesPerSeed = 50_000;

export interface FrameSoakOptions {
  readonly frames?: number;
  readonly seed?: number;
}

/** Judges a million mutated frames and damaged captures; throws with the seeds that reproduce a failure. */
export async function run(options: FrameSoakOptions = {}) {
  const { frames = framesDefault, seed: first = 1 } = options;
  const beganMs = performance.now();
  const total = { frames: 0, probe: 0, other: 0, malformed: 0, captures: 0 };
  for (let seed = first; total.frames < frames; seed += 1) {
    const result = mutateFrames(framesPerSeed, seed);
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += result[key];
    if (result.failures.length > 0) throw new Error(result.failures.slice(0, 20).join('\n'));
  }
  const row = { ...total, seconds: Math.round(performance.now() - beganMs) / 1000 };
  console.table([row]);
  return [row];
}

if (import.meta.main) await run();
