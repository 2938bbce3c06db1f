import { randomInt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { CrossingInterval } from '../../gateway/contract/count-batch.ts';
import type { Protection } from '../../gateway/contract/protection.ts';
import type { Seal } from '../../gateway/store/seal-store.ts';
import { type DrawBelow, withNoise } from '../../gateway/values/discrete-laplace.ts';
import { afterHour, openSealingBed } from '../gateway/sealing/sealing-bed.ts';

const runs = 200_000;
/** Six standard deviations: a right mechanism fails once in ten thousand years of nightly runs. */
const slackDeviations = 6;

type Mechanism = (count: number, epsilon: number) => number;
const draw: DrawBelow = (below) => randomInt(below);

/**
 * The largest excess, in standard deviations, of how often something is published without one
 * crossing over e^ε times how often it is published with it: for every value and for every tail.
 */
function worstExcess(mechanism: Mechanism, epsilon: number): number {
  const count = 17;
  const [without, withOne] = [count, count + 1].map((people) => {
    const seen = new Map<number, number>();
    for (let run = 0; run < runs; run += 1) {
      const value = mechanism(people, epsilon);
      seen.set(value, (seen.get(value) ?? 0) + 1);
    }
    return seen;
  }) as [Map<number, number>, Map<number, number>];
  const values = [...new Set([...without.keys(), ...withOne.keys()])];
  const events = values.flatMap((edge) => [
    (value: number) => value === edge,
    (value: number) => value <= edge,
    (value: number) => value >= edge,
  ]);
  const times = (seen: Map<number, number>, event: (value: number) => boolean) =>
    [...seen].reduce((sum, [value, number]) => sum + (event(value) ? number : 0), 0);
  const excesses = events.flatMap((event) => {
    const [one, other] = [times(without, event), times(withOne, event)];
    return [excess(one, other, epsilon), excess(other, one, epsilon)];
  });
  return Math.max(...excesses);
}

function excess(often: number, seldom: number, epsilon: number): number {
  const factor = Math.exp(epsilon);
  // Poisson: the variance of a count is the count; one more keeps events that were never seen from dividing by zero.
  return (often - factor * seldom) / Math.sqrt(often + factor ** 2 * seldom + 1);
}

describe('one crossing more or less', () => {
  test.each([0.25, 1, 2])('changes the odds of nothing by more than e^ε, ε = %d', (epsilon) => {
    expect(worstExcess((count, budget) => withNoise(count, budget, draw), epsilon)).toBeLessThan(
      slackDeviations,
    );
  });

  test.each<[string, Mechanism]>([
    ['half of the noise', (count, epsilon) => withNoise(count, epsilon * 2, draw)],
    [
      'noise that is cut off',
      (count) => Math.min(20, Math.max(14, withNoise(count, 1, draw))) + (count - 17),
    ],
    ['no noise on one value', (count, epsilon) => (draw(40) === 0 ? count : withNoise(count, epsilon, draw))],
    [
      'noise that is rounded to tens',
      (count) => Math.round(withNoise(count, 1, draw) / 10) * 10 + (count % 2),
    ],
  ])('is found out where there is %s', (_, mechanism) => {
    expect(worstExcess(mechanism, 1)).toBeGreaterThan(slackDeviations);
  });

  /** Draws that come again: whatever differs then comes from the data and not from the noise. */
  function sameDraws(): DrawBelow {
    let state = 1;
    return (below) => {
      // Park and Miller 1988; good enough to be the same twice.
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
  }

  async function sealedWith(
    people: (hour: number, minute: number) => Partial<CrossingInterval>,
    protection?: Protection,
  ): Promise<Seal[]> {
    const bed = await openSealingBed(protection);
    bed.draw = sameDraws();
    for (let hour = 0; hour < 22; hour += 1) {
      bed.clock.nowMs = afterHour(hour) - 60_000;
      await bed.deliverHour(hour, (minute) => people(hour, minute));
      bed.clock.nowMs = afterHour(hour);
      await bed.round();
    }
    const seals = await bed.seals();
    await bed.close();
    return seals;
  }

  test('changes one number of one sealed cell by one, and nothing else that is kept of it', async () => {
    const quiet = () => ({ in: 2, out: 1 });
    const before = await sealedWith(quiet);
    // The error of the sensor grows with a crossing, and its coverage suffers from one: neither may show.
    const after = await sealedWith((hour, minute) =>
      hour === 3 && minute === 20
        ? { in: 3, out: 1, standardErrorIn: 0.7, coverageSeconds: 59.2, flags: ['blocked-view'] }
        : quiet(),
    );
    expect(before).toHaveLength(15);
    const changed = before
      .map((seal, index) => [seal, after[index]!] as const)
      .filter(([a, b]) => a.in !== b.in);
    expect(changed).toHaveLength(1);
    const [[old, anew]] = changed as [[Seal, Seal]];
    expect(anew).toEqual({ ...old, in: old.in! + 1 });
    expect(after.filter((seal) => seal.fromMs !== old.fromMs)).toEqual(
      before.filter((seal) => seal.fromMs !== old.fromMs),
    );
  });

  // 22:00 in Berlin is the fourteenth hour after 09:00, where the samples begin.
  const closingAt = (minuteOfHour: number) => (hour: number, minute: number) => ({
    in: hour < 13 ? 2 : 0,
    out: hour === 13 && minute === minuteOfHour ? 1 : 0,
  });

  test('whether staff close at 22:03 or at 22:41, what is published is the same', async () => {
    expect(await sealedWith(closingAt(3))).toEqual(await sealedWith(closingAt(41)));
  });

  test('and would not be in quarters without quiet hours', async () => {
    const open = { epsilon: 1, cellMinutes: 15, quietFrom: '00:00', quietUntil: '00:00' } as const;
    expect(await sealedWith(closingAt(3), open)).not.toEqual(await sealedWith(closingAt(41), open));
  });
});
