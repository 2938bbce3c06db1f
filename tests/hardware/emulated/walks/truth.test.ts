import { describe, expect, test } from 'vitest';
import { humanWalk, type Step } from '../../../../hardware/emulated/walks/human-walk.ts';
import { SeededRandom } from '../../../../hardware/emulated/walks/seeded-random.ts';
import { truthOfPath } from '../../../../hardware/emulated/walks/truth.ts';
import { pathStepSeconds, standingPose, WalkPath } from '../../../../hardware/emulated/walks/walk-path.ts';

/** A path through the given places (seconds, metres), straight between them. */
function pathThrough(...corners: readonly (readonly [number, number])[]): WalkPath {
  const end = corners.at(-1)![0];
  const points = Array.from({ length: Math.round(end / pathStepSeconds) + 1 }, (_, at) => {
    const seconds = at * pathStepSeconds;
    const next = Math.max(
      1,
      corners.findIndex(([when]) => when >= seconds),
    );
    const [fromSeconds, from] = corners[next - 1]!;
    const [toSeconds, to] = corners[next]!;
    const x = from + ((to - from) * (seconds - fromSeconds)) / (toSeconds - fromSeconds);
    return { x, y: 0, heading: 0 };
  });
  return new WalkPath(100, points);
}

describe('the truth of a path', () => {
  test('somebody who walks through crosses when the centre passes the line', () => {
    const truth = truthOfPath(pathThrough([0, -2], [4, 2]), 0.55);
    expect(truth.other).toEqual([]);
    expect(truth.crossings).toHaveLength(1);
    expect(truth.crossings[0]!.direction).toBe('in');
    expect(truth.crossings[0]!.atSeconds).toBeCloseTo(102, 3);
    expect(truth.crossings[0]!.untilSeconds).toBeUndefined();
  });

  test('the way back is an out', () => {
    const { crossings } = truthOfPath(pathThrough([0, 1.5], [2, -1.5]), 0.55);
    expect(crossings.map(({ direction }) => direction)).toEqual(['out']);
  });

  test('who comes 0.4 m past the line and is back within 5 s has turned back', () => {
    const truth = truthOfPath(pathThrough([0, -2], [2.4, 0.4], [4.8, -2]), 0.55);
    expect(truth.crossings).toEqual([]);
    expect(truth.other.map(({ kind }) => kind)).toEqual(['uturn']);
  });

  test('who goes 0.7 m past the line and comes back has crossed twice', () => {
    const truth = truthOfPath(pathThrough([0, -2], [2.7, 0.7], [5.4, -2]), 0.55);
    expect(truth.crossings.map(({ direction }) => direction)).toEqual(['in', 'out']);
  });

  test('who stays 0.3 m past the line for 6 s and goes back has crossed twice', () => {
    const truth = truthOfPath(pathThrough([0, -2], [2.3, 0.3], [8.3, 0.3], [10.6, -2]), 0.55);
    expect(truth.crossings.map(({ direction }) => direction)).toEqual(['in', 'out']);
  });

  test('who stops just past the line may be counted until setting off for good', () => {
    const { crossings } = truthOfPath(pathThrough([0, -2], [2.2, 0.2], [12.2, 0.2], [14, 2]), 0.55);
    expect(crossings).toHaveLength(1);
    expect(crossings[0]!.atSeconds).toBeCloseTo(102, 2);
    expect(Math.abs(crossings[0]!.untilSeconds! - 112.2)).toBeLessThan(2 * pathStepSeconds);
  });

  test('who stops before the line crosses when setting off', () => {
    const { crossings } = truthOfPath(pathThrough([0, -2], [1.8, -0.2], [11.8, -0.2], [14, 2]), 0.55);
    expect(crossings).toHaveLength(1);
    expect(crossings[0]!.atSeconds).toBeCloseTo(112, 2);
  });

  test('who stands near the line and goes back has lingered', () => {
    const truth = truthOfPath(pathThrough([0, -2], [1.8, -0.2], [11.8, -0.2], [14, -2]), 0.55);
    expect(truth.crossings).toEqual([]);
    expect(truth.other.map(({ kind }) => kind)).toEqual(['linger']);
  });

  test('who never comes near leaves no trace', () => {
    expect(truthOfPath(pathThrough([0, -2], [1, -1], [2, -2]), 0.55)).toEqual({ crossings: [], other: [] });
  });
});

describe('a human walk', () => {
  const walk = (seed: number, steps: readonly Step[]) =>
    humanWalk({ startsAtSeconds: 5, towards: 1, from: -1.8, lateral: 0.1, steps }, new SeededRandom(seed));

  test('arrives where it is sent at about the speed it is given, never twice the same', () => {
    const underway = [1, 2, 3, 4, 5].map((seed) => {
      const path = walk(seed, [{ kind: 'walk', to: 1.8, speed: 1.2 }]);
      const pose = standingPose();
      path.locate(path.endsAtSeconds, pose);
      expect(Math.abs(pose.x - 1.8)).toBeLessThan(0.01);
      const seconds = path.endsAtSeconds - path.startsAtSeconds;
      expect(Math.abs(3.6 / seconds / 1.2 - 1)).toBeLessThan(0.12);
      return path.xAt(20);
    });
    expect(new Set(underway).size).toBe(5);
  });

  test('never moves faster than a step allows', () => {
    const path = walk(9, [
      { kind: 'walk', to: 0.2, speed: 1.2 },
      { kind: 'stand', seconds: 6 },
      { kind: 'walk', to: -1.8, speed: 1.2 },
    ]);
    for (let point = 1; point < path.points; point++) {
      const speed = Math.abs(path.xAt(point) - path.xAt(point - 1)) / pathStepSeconds;
      expect(speed).toBeLessThan(1.2 * 1.15);
    }
  });

  test('who stands shifts about without stepping over the line', () => {
    for (let seed = 0; seed < 20; seed++) {
      const truth = truthOfPath(
        walk(seed, [
          { kind: 'walk', to: -0.08, speed: 1 },
          { kind: 'stand', seconds: 30 },
          { kind: 'walk', to: -1.8, speed: 1 },
        ]),
        0.55,
      );
      expect(truth.crossings, `seed ${seed}`).toEqual([]);
      expect(
        truth.other.map(({ kind }) => kind),
        `seed ${seed}`,
      ).toEqual(['linger']);
    }
  });
});
