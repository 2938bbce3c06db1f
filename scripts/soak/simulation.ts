import { parseArgs } from 'node:util';
import { soakSimulation } from '../../tests/simulation/soak-simulation.ts';

/** `--seeds N` (10,000), `--first SEED` (1). Exit code 1 at the first violation, with its shortest trace. */
export async function soakSimulationCommand(options: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...options],
    options: {
      seeds: { type: 'string', default: '10000' },
      first: { type: 'string', default: '1' },
    },
  });
  const seeds = Number(values.seeds);
  const first = Number(values.first);
  if (!Number.isInteger(seeds) || seeds < 1 || !Number.isInteger(first)) {
    console.error('soak simulation: --seeds and --first are whole numbers');
    return 2;
  }
  const startedMs = performance.now();
  const totals = await soakSimulation(first, seeds, (so) => {
    if (so.seeds % 500 === 0) console.log(`${so.seeds} seeds, ${so.closed} intervals closed`);
  });
  if (totals.failure !== null) console.log(totals.failure);
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(
    `${totals.stored} stored, ${totals.declared} declared gone with a damaged or replaced card, ` +
      `${totals.unplaced} held without a time, ${(seconds / totals.seeds).toFixed(3)} s a seed`,
  );
  console.log(
    `${totals.seeds} seeds, ${totals.closed} intervals closed, ${totals.lost} lost, ${totals.doubled} doubled`,
  );
  return totals.failure === null ? 0 : 1;
}
