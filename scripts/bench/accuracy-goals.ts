import type { WalkProfileName } from '../../hardware/emulated/walks/walk-profiles.ts';

/** What the count must reach on a profile, as shares. */
export interface AccuracyGoal {
  readonly recall: number;
  readonly precision: number;
  /** Largest error of the total, as a share of the truth. */
  readonly netError?: number;
}

/** The goals of the design, profile by profile. */
export const accuracyGoals: Readonly<Record<WalkProfileName, AccuracyGoal>> = {
  easy: { recall: 0.997, precision: 0.997 },
  fast: { recall: 0.995, precision: 0.995 },
  child: { recall: 0.96, precision: 0.99 },
  tailgate: { recall: 0.96, precision: 0.985 },
  uturn: { recall: 0.99, precision: 0.97 },
  linger: { recall: 0.985, precision: 0.985 },
  pair: { recall: 0.65, precision: 0.96 },
  opposite: { recall: 0.65, precision: 0.98 },
  objects: { recall: 0.98, precision: 0.97 },
  door: { recall: 0.97, precision: 0.95 },
  quiet: { recall: 0.95, precision: 0.98, netError: 0.03 },
  busy: { recall: 0.82, precision: 0.97 },
  sun: { recall: 0.94, precision: 0.96 },
  'occupied-start': { recall: 0.93, precision: 0.97 },
};
