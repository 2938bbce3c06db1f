import { describe, expect, test } from 'vitest';
import { simulate } from './simulation.ts';
import { soakSimulation } from './soak-simulation.ts';

/** A seed lives about an hour and costs a tenth of a second; ten thousand are in `npm run soak`. */
const seedsPerTest = 50;
const secondsMax = 120;

describe('agent, broker and gateway in a world where everything goes wrong', () => {
  test.each([1, 51, 101])(
    'store every closed interval exactly once or declare its loss, from seed %i on',
    async (first) => {
      const totals = await soakSimulation(first, seedsPerTest);
      expect(totals.failure).toBeNull();
      expect(totals).toMatchObject({ seeds: seedsPerTest, lost: 0, doubled: 0 });
      expect(totals.stored).toBeGreaterThan(20 * seedsPerTest);
    },
    secondsMax * 1000,
  );

  test('live the same twice under one seed', async () => {
    // The steps of a plan are functions, of which no two are equal.
    const { plan: _first, ...first } = await simulate(7);
    const { plan: _second, ...second } = await simulate(7);
    expect(second).toEqual(first);
    expect(first.trace.length).toBeGreaterThan(3);
  });
});
