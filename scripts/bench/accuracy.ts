import { type WalkProfileName, walkProfileNames } from '../../hardware/emulated/walks/walk-profiles.ts';
import { type AccuracyRow, accuracyRow } from './accuracy-rows.ts';
import { type CaseResult, runAccuracyCase } from './accuracy-run.ts';

export interface AccuracyOptions {
  readonly profiles?: readonly WalkProfileName[];
  readonly heightsMm?: readonly number[];
  readonly seeds?: readonly number[];
  /** Length of each simulation: one a profile, height and seed. */
  readonly minutes?: number;
  readonly intervalMinutes?: number;
  readonly readingsPerSecond?: number;
  /** Called with every case as it is done. */
  readonly onCase?: (result: CaseResult) => void;
}

/** Four times ten minutes rather than once forty: every seed is another floor, tilt, light and door. */
export const accuracyDefaults = {
  profiles: walkProfileNames,
  heightsMm: [2260, 2480, 2830],
  seeds: [1, 2, 3, 4],
  minutes: 10,
  intervalMinutes: 5,
} as const;

/** Counts simulated walks of every profile, height and seed; one row a profile. */
export async function run(options: AccuracyOptions = {}): Promise<AccuracyRow[]> {
  const chosen = { ...accuracyDefaults, ...options };
  return chosen.profiles.map((profile) => {
    const results: CaseResult[] = [];
    for (const mountingHeightMm of chosen.heightsMm) {
      for (const seed of chosen.seeds) {
        const result = runAccuracyCase({
          profile,
          mountingHeightMm,
          // No two heights see the same people.
          seed: seed * 10_000 + mountingHeightMm,
          minutes: chosen.minutes,
          ...(options.readingsPerSecond === undefined
            ? {}
            : { readingsPerSecond: options.readingsPerSecond }),
        });
        options.onCase?.(result);
        results.push(result);
      }
    }
    return accuracyRow(profile, results, chosen.intervalMinutes * 60);
  });
}
