import { mutatedRun } from '../../tests/doubles/lidar-bytes.ts';

export interface SerialSoakOptions {
  /** Bytes to change, leave out or make up; a million by default. */
  readonly mutatedBytes?: number;
  readonly seed?: number;
}

/** Feeds the lidar parser a million mutated bytes; throws when it does not come into step again. */
export async function run(options: SerialSoakOptions = {}) {
  const { mutatedBytes = 1_000_000, seed = 1 } = options;
  const startedAt = performance.now();
  const outcome = mutatedRun({ mutatedBytes, seed });
  const row = { seed, ...outcome, seconds: Math.round(performance.now() - startedAt) / 1000 };
  console.table([row]);
  if (outcome.framesToResyncMax > 2) throw new Error(`seed ${seed}: out of step for more than two frames`);
  if (outcome.wrongAfterOneByte > 0)
    throw new Error(`seed ${seed}: a frame with one changed byte was believed`);
  return [row];
}

if (import.meta.main) await run();
