import { beforeEach, describe, expect, test } from 'vitest';
import type { Hit, Ray } from '../../../../hardware/emulated/walks/ray-meeting.ts';
import { SolidList } from '../../../../hardware/emulated/walks/solid-list.ts';

const surface = { reflectance: 0.4, heading: 0 };
const down = (x: number, y: number, z: number): Ray => ({ x, y, z, dx: 0, dy: 0, dz: -1 });
const origin = { x: 0, y: 0, z: 0 };
let solids: SolidList;
let hit: Hit;

beforeEach(() => {
  solids = new SolidList();
  hit = { distance: 2.5, cosine: 1, reflectance: 0.3 };
});

describe('a ray from 2.5 m straight down', () => {
  test('meets the top of a sphere', () => {
    solids.ellipsoid({ ...origin, z: 1 }, { x: 0.2, y: 0.2, z: 0.2 }, surface);
    expect(solids.nearest(down(0, 0, 2.5), 0, hit)).toBe(true);
    expect(hit.distance).toBeCloseTo(1.3, 9);
    expect(hit.cosine).toBeCloseTo(1, 9);
    expect(hit.reflectance).toBe(0.4);
  });

  test('meets the side of an ellipsoid where its equation says', () => {
    solids.ellipsoid({ ...origin, z: 1 }, { x: 0.4, y: 0.2, z: 0.1 }, surface);
    solids.nearest(down(0.2, 0, 2.5), 0, hit);
    // z = 1 + 0.1 · √(1 − (0.2/0.4)²)
    expect(hit.distance).toBeCloseTo(1.5 - 0.1 * Math.sqrt(0.75), 9);
    expect(hit.cosine).toBeLessThan(1);
  });

  test('sees an ellipsoid turned by a right angle with its axes swapped', () => {
    solids.ellipsoid({ ...origin, z: 1 }, { x: 0.4, y: 0.2, z: 0.1 }, { ...surface, heading: Math.PI / 2 });
    expect(solids.nearest(down(0.3, 0, 2.5), 0, hit)).toBe(false);
    expect(solids.nearest(down(0, 0.3, 2.5), 0, hit)).toBe(true);
  });

  test('meets a lying rod on its back and passes beside it', () => {
    solids.capsule({ x: 0, y: -0.2, z: 1.4 }, { x: 0, y: 0.2, z: 1.4 }, { reflectance: 0.5, radius: 0.06 });
    expect(solids.nearest(down(0.1, 0, 2.5), 0, hit)).toBe(false);
    expect(solids.nearest(down(0, 0.1, 2.5), 0, hit)).toBe(true);
    expect(hit.distance).toBeCloseTo(2.5 - 1.46, 9);
  });

  test('meets the round end of a standing rod', () => {
    solids.capsule({ x: 0, y: 0, z: 0.5 }, { x: 0, y: 0, z: 1.4 }, { reflectance: 0.5, radius: 0.06 });
    solids.nearest(down(0, 0, 2.5), 0, hit);
    expect(hit.distance).toBeCloseTo(2.5 - 1.46, 9);
  });

  test('meets the lid of a turned box within its corners only', () => {
    solids.box({ ...origin, z: 0.5 }, { x: 0.5, y: 0.02, z: 0.5 }, { ...surface, heading: Math.PI / 4 });
    expect(solids.nearest(down(0.3, 0.3, 2.5), 0, hit)).toBe(true);
    expect(hit.distance).toBeCloseTo(1.5, 9);
    expect(solids.nearest(down(0.3, 0, 2.5), 0, hit)).toBe(false);
  });

  test('reports the nearer of two solids', () => {
    solids.box({ ...origin, z: 0.5 }, { x: 0.5, y: 0.5, z: 0.5 }, surface);
    solids.box({ ...origin, z: 1.2 }, { x: 0.1, y: 0.1, z: 0.1 }, { ...surface, reflectance: 0.9 });
    solids.nearest(down(0, 0, 2.5), 0, hit);
    expect(hit.distance).toBeCloseTo(1.2, 9);
    expect(hit.reflectance).toBe(0.9);
  });

  test('passes mesh when the dice say so', () => {
    solids.box({ ...origin, z: 0.5 }, { x: 0.5, y: 0.5, z: 0.5 }, { ...surface, opacity: 0.4 });
    expect(solids.nearest(down(0, 0, 2.5), 0.39, hit)).toBe(true);
    expect(solids.nearest(down(0, 0, 2.5), 0.41, { ...hit, distance: 2.5 })).toBe(false);
  });
});
