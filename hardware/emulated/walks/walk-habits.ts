import type { SeededRandom } from './seeded-random.ts';

/** How people at one place walk: what differs from town to town and what no counter may rely on. */
export interface WalkHabits {
  /** How far off the sensor's axis lone walkers pass, standard deviation in metres. */
  readonly lateralDeviationM: number;
  /** From middle to middle of two abreast or of two who meet, metres. */
  readonly abreastM: readonly [number, number];
  /** How far one of two abreast may be behind the other, seconds. */
  readonly abreastLagSeconds: number;
  /** From middle to middle of two who follow each other, metres. */
  readonly gapM: readonly [number, number];
  /** Where those who turn back turn, standard deviation about the line in metres. */
  readonly turnDeviationM: number;
  /** Share of prams, trolleys, cases and dogs that come without anybody. */
  readonly aloneShare: number;
  /** How much who stands shifts from foot to foot: 0 like a statue. */
  readonly restlessness: number;
  /** People who come in each other's way draw back; false in a crowd drawn at random. */
  readonly keepApart: boolean;
}

/** What the profiles promise. */
export const usualHabits: WalkHabits = {
  lateralDeviationM: 0.12,
  abreastM: [0.42, 0.62],
  abreastLagSeconds: 0.3,
  gapM: [0.45, 0.9],
  turnDeviationM: 0.19,
  aloneShare: 0.07,
  restlessness: 1,
  keepApart: true,
};

/** Habits of a place that nobody has described: wider than any profile. */
export function drawHabits(random: SeededRandom): WalkHabits {
  const nearest = random.between(0.38, 0.52);
  const shortest = random.between(0.4, 0.55);
  return {
    lateralDeviationM: random.between(0.05, 0.2),
    abreastM: [nearest, nearest + random.between(0.1, 0.3)],
    abreastLagSeconds: random.between(0.05, 0.5),
    gapM: [shortest, shortest + random.between(0.25, 0.6)],
    turnDeviationM: random.between(0.1, 0.3),
    aloneShare: random.between(0, 0.3),
    restlessness: random.between(0, 1.3),
    keepApart: random.chance(0.4),
  };
}
