import { soakSimulation } from '../../tests/simulation/soak-simulation.ts';

export interface SimulationSoakOptions {
  /** How many seeds; ten thousand by default. */
  readonly seeds?: number;
  /** The first of them; 1 by default. */
  readonly first?: number;
}

const seedsPerLine = 500;

/** False at the first violation, which is printed with its seed and its shortest trace. */
export async function run(options: SimulationSoakOptions = {}): Promise<boolean> {
  const { seeds = 10_000, first = 1 } = options;
  const startedMs = performance.now();
  const totals = await soakSimulation(first, seeds, (so) => {
    if (so.seeds % seedsPerLine === 0) console.log(`${so.seeds} seeds, ${so.closed} intervals closed`);
  });
  if (totals.failure !== null) console.log(totals.failure);
  const seconds = (performance.now() - startedMs) / 1000 / totals.seeds;
  console.log(
    `${totals.stored} stored, ${totals.declared} gone with a torn or replaced card and declared; ` +
      `${seconds.toFixed(3)} s a seed`,
  );
  console.log(
    `${totals.seeds} seeds, ${totals.closed} intervals closed, ${totals.lost} lost, ${totals.doubled} doubled`,
  );
  return totals.failure === null;
}
