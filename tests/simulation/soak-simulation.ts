import { shrink } from './shrink.ts';
import { type SimulationResult, simulate } from './simulation.ts';

/** What many seeds have shown. */
export interface SoakTotals {
  readonly seeds: number;
  readonly closed: number;
  readonly stored: number;
  readonly declared: number;
  readonly lost: number;
  readonly doubled: number;
  /** The first violation, shrunk and told; null where there was none. */
  readonly failure: string | null;
}

/** Runs seeds one after the other, up to the first violation. */
export async function soakSimulation(
  first: number,
  seeds: number,
  progress: (totals: SoakTotals) => void = () => {},
): Promise<SoakTotals> {
  let totals: SoakTotals = {
    ...{ seeds: 0, closed: 0, stored: 0, declared: 0, lost: 0, doubled: 0 },
    failure: null,
  };
  for (let seed = first; seed < first + seeds; seed += 1) {
    const result = await simulate(seed);
    totals = add(totals, result);
    if (result.violations.length > 0) return { ...totals, failure: tell(await shrink(result)) };
    progress(totals);
  }
  return totals;
}

function add(totals: SoakTotals, result: SimulationResult): SoakTotals {
  return {
    seeds: totals.seeds + 1,
    closed: totals.closed + result.closed,
    stored: totals.stored + result.stored,
    declared: totals.declared + result.declared,
    lost: totals.lost + result.lost,
    doubled: totals.doubled + result.doubled,
    failure: totals.failure,
  };
}

/** The seed, what was violated, and the shortest trace that still violates it. */
function tell({ seed, violations, trace }: SimulationResult): string {
  return [`seed ${seed}:`, ...violations.slice(0, 5).map((line) => `  ${line}`), 'trace:', ...trace].join(
    '\n',
  );
}
