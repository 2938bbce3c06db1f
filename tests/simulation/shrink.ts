import type { Sabotage } from './sabotage.ts';
import { type SimulationResult, simulate } from './simulation.ts';

/**
 * Looks for the shortest plan of the same seed that still violates something: leaves out the weeks
 * apart, then one step after the other.
 */
export async function shrink(
  failed: SimulationResult,
  sabotage: () => Sabotage = () => ({}),
): Promise<SimulationResult> {
  const { seed, plan } = failed;
  let best = failed;
  let only = plan.steps.keys().toArray();
  let weeks = plan.weeksApart > 0;
  const attempt = async (steps: number[], withWeeks: boolean): Promise<boolean> => {
    const result = await simulate(seed, { only: steps, weeks: withWeeks, sabotage: sabotage() });
    if (result.violations.length === 0) return false;
    best = result;
    return true;
  };
  if (weeks && (await attempt(only, false))) weeks = false;
  for (const step of [...only].reverse()) {
    const without = only.filter((other) => other !== step);
    if (await attempt(without, weeks)) only = without;
  }
  return best;
}
