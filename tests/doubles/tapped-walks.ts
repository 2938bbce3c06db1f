import { writeFileSync } from 'node:fs';
import { tapFileOf } from '../../calibration/audit/tap-file.ts';
import { SeededRandom } from '../../hardware/emulated/walks/seeded-random.ts';
import type { Truth } from '../../hardware/emulated/walks/truth.ts';
import type { WalkProfileName } from '../../hardware/emulated/walks/walk-profiles.ts';
import { writeWalkRecording } from '../../hardware/emulated/walks/walk-recording.ts';
import { simulateWalks } from '../../hardware/emulated/walks/walk-simulation.ts';

/** What a person at the door taps who sees the truth: late, not evenly so, and sometimes wrong. */
export function tapsByTruth(truth: Truth, seed: number) {
  const random = new SeededRandom(seed, 'observer');
  const late = () => 0.42 + 0.18 * random.normal();
  const people = truth.crossings.flatMap(({ atSeconds, direction }) => {
    if (random.chance(0.01)) return [];
    const wrong = random.chance(0.005);
    const tapped = wrong ? (direction === 'in' ? ('out' as const) : ('in' as const)) : direction;
    return [{ t: atSeconds + late(), direction: tapped, kind: 'adult' as const }];
  });
  const others = truth.other.map(({ atSeconds, kind }) => ({
    t: atSeconds + late(),
    direction: null,
    kind: kind === 'object' || kind === 'door' ? ('object' as const) : ('turned-back' as const),
  }));
  return [...people, ...others].sort((one, next) => one.t - next.t);
}

/** A kept walk test: recording, taps, and the truth that only the simulation knows. */
export async function tappedWalks(
  file: string,
  walk: { profile: WalkProfileName; seed: number; minutes: number },
): Promise<Truth> {
  const simulation = simulateWalks({ mountingHeightMm: 2500, ...walk });
  const startedAt = '2026-03-02T08:20:00Z';
  await writeWalkRecording(simulation, { file, startedAt });
  const taps = tapsByTruth(simulation.truth, walk.seed);
  const content = { format: 'passant-taps', version: 1, sensor: 'door', startedAt, taps };
  writeFileSync(tapFileOf(file), JSON.stringify(content));
  return simulation.truth;
}
