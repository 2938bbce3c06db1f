import { describe, expect, test } from 'vitest';
import {
  addDoorLeaf,
  type DoorLeaf,
  drawDoorLeaf,
  leafAngle,
} from '../../../../hardware/emulated/walks/door-leaf.ts';
import { SeededRandom } from '../../../../hardware/emulated/walks/seeded-random.ts';
import { SolidList } from '../../../../hardware/emulated/walks/solid-list.ts';

const leaf: DoorLeaf = {
  kind: 'wooden',
  planeM: -0.3,
  hingeSide: 1,
  hingeM: 0.45,
  swings: 1,
  widthM: 0.9,
  heightM: 2,
  thicknessM: 0.04,
  reflectance: 0.5,
  paneOpacity: 1,
  openAngle: Math.PI / 2,
  openingSeconds: 1,
  closingSeconds: 3,
};
const swing = { opensAtSeconds: 10, releasedAtSeconds: 12, openness: 1 };

/** Height of what lies under a point of the room, 0 for the floor. */
function heightUnder(x: number, y: number, angle: number, door = leaf): number {
  const solids = new SolidList();
  addDoorLeaf(solids, door, angle);
  const hit = { distance: 2.5, cosine: 1, reflectance: 0 };
  solids.nearest({ x, y, z: 2.5, dx: 0, dy: 0, dz: -1 }, 0.5, hit);
  return 2.5 - hit.distance;
}

describe('a swing', () => {
  test('opens, waits until the leaf is let go, and closes', () => {
    expect(leafAngle(leaf, swing, 9.9)).toBe(0);
    expect(leafAngle(leaf, swing, 10.5)).toBeCloseTo(Math.PI / 4, 6);
    expect(leafAngle(leaf, swing, 11.5)).toBeCloseTo(Math.PI / 2, 6);
    expect(leafAngle(leaf, swing, 15.01)).toBe(0);
  });

  test('never jumps: the leaf moves less than 3 degrees in 10 ms', () => {
    for (let at = 9.5; at < 16; at += 0.01) {
      const turn = Math.abs(leafAngle(leaf, swing, at + 0.01) - leafAngle(leaf, swing, at));
      expect(turn).toBeLessThan((3 * Math.PI) / 180);
    }
  });

  test('a leaf let go too early turns round before it is wide open', () => {
    const short = { ...swing, releasedAtSeconds: 10.5 };
    expect(leafAngle(leaf, short, 10.6)).toBeLessThan(Math.PI / 4);
    expect(leafAngle(leaf, short, 10.6)).toBeGreaterThan(0.6);
  });
});

describe('a leaf hinged at the left', () => {
  test('lies across the passage when shut', () => {
    expect(heightUnder(-0.3, 0, 0)).toBeCloseTo(2, 6);
    expect(heightUnder(0, 0, 0)).toBe(0);
  });

  test('is under the sensor at the angle whose tangent is plane by hinge', () => {
    expect(heightUnder(0, 0, Math.atan2(0.3, 0.45))).toBeCloseTo(2, 6);
  });

  test('lies along the wall when open', () => {
    expect(heightUnder(0.2, 0.45, Math.PI / 2)).toBeCloseTo(2, 6);
    expect(heightUnder(0, 0, Math.PI / 2)).toBe(0);
  });

  test('of glass is a frame with a pane that most rays pass', () => {
    const glass = { ...leaf, paneOpacity: 0.1 };
    expect(heightUnder(-0.3, 0, 0, glass)).toBeCloseTo(2, 6);
    const solids = new SolidList();
    addDoorLeaf(solids, glass, 0);
    const ray = { x: -0.8, y: 0, z: 1, dx: 1, dy: 0, dz: 0 };
    expect(solids.nearest(ray, 0.5, { distance: 2, cosine: 1, reflectance: 0 })).toBe(false);
    expect(solids.nearest(ray, 0.05, { distance: 2, cosine: 1, reflectance: 0 })).toBe(true);
  });
});

test('drawn leaves are of several kinds, fit under the sensor and are out of its sight when shut', () => {
  const random = new SeededRandom(1);
  const kinds = new Set<string>();
  for (let draw = 0; draw < 200; draw++) {
    const drawn = drawDoorLeaf(random, { mountingHeightM: 2.26 });
    kinds.add(drawn.kind);
    expect(drawn.heightM).toBeLessThan(2.2);
    expect(Math.sign(drawn.planeM)).toBe(-drawn.swings);
    // Half of 19° from the sensor to the top edge of the shut leaf, without the lens's blur.
    expect(Math.abs(drawn.planeM)).toBeGreaterThan((2.26 - drawn.heightM) * Math.tan((9.5 * Math.PI) / 180));
  }
  expect(kinds.size).toBe(6);
});
