import type { PersonBody } from './person-body.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Reflectance at 940 nm: dark hair swallows most of the light, many dark fabrics do not. */
const hairReflectances: readonly (readonly [readonly [number, number], number])[] = [
  [[0.05, 0.12], 0.3],
  [[0.12, 0.3], 0.45],
  [[0.3, 0.6], 0.25],
];

function drawLooks(random: SeededRandom) {
  const [from, to] = random.pickWeighted(hairReflectances);
  return {
    hair: random.between(from, to),
    clothing: random.between(0.35, 0.8),
    trousers: random.between(0.25, 0.7),
    gaitPhase: random.between(0, 2 * Math.PI),
    seated: false,
  };
}

/** An adult between 1.48 and 2.02 m, shoes included. */
export function drawAdult(random: SeededRandom): PersonBody {
  const shape = random.chance(0.5) ? { mean: 1.67, deviation: 0.07 } : { mean: 1.8, deviation: 0.08 };
  const heightM = random.normalBetween(shape, 1.48, 2.02);
  return {
    ...drawLooks(random),
    heightM,
    shoulderHalfM: heightM * random.between(0.115, 0.145),
    depthHalfM: random.between(0.1, 0.15),
    stoop: random.chance(0.15) ? random.between(0.02, 0.06) : random.between(0, 0.015),
    arms: random.pickWeighted([
      ['swinging', 0.85],
      ['phone', 0.15],
    ]),
    carries: random.pickWeighted([
      ['nothing', 0.6],
      ['rucksack', 0.13],
      ['shoulder-bag', 0.15],
      ['shopping', 0.12],
    ]),
  };
}

/** A child or youth between 0.90 and 1.45 m. */
export function drawChild(random: SeededRandom): PersonBody {
  const heightM = random.between(0.9, 1.45);
  return {
    ...drawLooks(random),
    heightM,
    shoulderHalfM: heightM * random.between(0.115, 0.135),
    depthHalfM: 0.06 + 0.035 * heightM,
    stoop: random.between(0, 0.02),
    arms: 'swinging',
    carries: random.chance(0.2) ? 'rucksack' : 'nothing',
  };
}

/** Somebody in a wheelchair: the crown is 1.15 to 1.38 m above the floor. */
export function drawSeated(random: SeededRandom): PersonBody {
  const adult = drawAdult(random);
  return { ...adult, arms: 'pushing', carries: 'nothing', seated: true };
}
