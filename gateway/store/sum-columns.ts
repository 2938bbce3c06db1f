import type { Sums } from './minute.ts';

/** The column of each sum. */
export const columnOf = {
  measured: 'measured',
  durationMs: 'duration_ms',
  coverageMs: 'coverage_ms',
  in: 'count_in',
  out: 'count_out',
  varianceIn: 'variance_in',
  varianceOut: 'variance_out',
  activations: 'activations',
  activeMs: 'active_ms',
  orderedIn: 'ordered_in',
  orderedOut: 'ordered_out',
  frames: 'frames',
  indicator: 'indicator',
  variance: 'variance',
  flags: 'flags',
} as const satisfies Record<keyof Sums, string>;
