import { describe, expect, test } from 'vitest';
import { soakSimulation } from './soak-simulation.ts';

/** The other half of three hundred seeds, in a file of its own so that two cores share them. */
const seedsPerTest = 50;
const secondsMax = 120;

describe('agent, broker and gateway in a world where everything goes wrong, and more of it', () => {
  test.each([151, 201, 251])(
    'store every closed interval exactly once or declare its loss, from seed %i on',
    async (first) => {
      const totals = await soakSimulation(first, seedsPerTest);
      expect(totals.failure).toBeNull();
      expect(totals).toMatchObject({ seeds: seedsPerTest, lost: 0, doubled: 0 });
      expect(totals.stored).toBeGreaterThan(20 * seedsPerTest);
    },
    secondsMax * 1000,
  );
});
