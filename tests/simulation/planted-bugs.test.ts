import { describe, expect, test } from 'vitest';
import { plantedBugs } from './planted-bugs.ts';
import { simulate } from './simulation.ts';

/** A bug that hides for longer would hide from `npm test`. */
const seedsMax = 300;
const secondsMax = 120;

describe('the simulation finds a planted bug', () => {
  test.each(Object.entries(plantedBugs))(
    '%s',
    async (_name, plant) => {
      const found: string[] = [];
      let seed = 0;
      while (found.length === 0 && seed < seedsMax) {
        seed += 1;
        found.push(...(await simulate(seed, { sabotage: plant() })).violations);
      }
      expect(found, `seed ${seed}`).not.toEqual([]);
    },
    secondsMax * 1000,
  );
});
