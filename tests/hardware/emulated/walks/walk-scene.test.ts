import { describe, expect, test } from 'vitest';
import { type Actor, Person } from '../../../../hardware/emulated/walks/actor.ts';
import type { spadEye } from '../../../../hardware/emulated/walks/eye.ts';
import type { PersonBody } from '../../../../hardware/emulated/walks/person-body.ts';
import { WalkPath } from '../../../../hardware/emulated/walks/walk-path.ts';
import { noReturns, WalkScene } from '../../../../hardware/emulated/walks/walk-scene.ts';
import { eyesOf } from '../../../../hardware/emulated/walks/zone-layout.ts';

const body: PersonBody = {
  heightM: 1.8,
  shoulderHalfM: 0.23,
  depthHalfM: 0.12,
  hair: 0.35,
  clothing: 0.5,
  trousers: 0.4,
  gaitPhase: 0,
  stoop: 0,
  arms: 'swinging',
  carries: 'nothing',
  seated: false,
};
const standingAt = (x: number, person = body, y = 0): Actor =>
  new Person(
    person,
    new WalkPath(0, [
      { x, y, heading: 0 },
      { x, y, heading: 0 },
    ]),
  );
const sceneOf = (...actors: Actor[]) =>
  new WalkScene({ actors, floorReflectance: 0.25, echo: { windowM: 0.35, firstShare: 0.06 }, viewM: 0.9 });
const straight = { mountingHeightM: 2.5, blurDegrees: 5, tiltDegrees: [0, 0] as const };
const [outside, inside] = eyesOf('two', straight) as [ReturnType<typeof spadEye>, ReturnType<typeof spadEye>];
const exposure = { startSeconds: 0, exposureSeconds: 0.02 };

function distanceM(scene: WalkScene, eye = outside): number {
  const returns = noReturns();
  scene.look(eye, exposure, returns);
  return returns.distanceM;
}

describe('a region above an empty floor', () => {
  test('reads the mounting height, and a little more because most of it looks askew', () => {
    for (const mountingHeightM of [2.2, 2.5, 3]) {
      for (const eye of eyesOf('two', { ...straight, mountingHeightM })) {
        const read = distanceM(sceneOf(), eye);
        expect(read).toBeGreaterThan(mountingHeightM);
        // The farthest corner of a region is 13.4° off: 2.8 %; the mean is well below.
        expect(read).toBeLessThan(mountingHeightM * 1.02);
      }
    }
  });

  test('covers on the floor what its angles say', () => {
    // Rows 0 to 7 lie between -9.5° and 0°, blurred: the middle of the footprint is at tan(4.75°).
    let sum = 0;
    let across = 0;
    const rays = outside.directions.length / 3;
    for (let ray = 0; ray < rays; ray++) {
      sum += outside.directions[ray * 3]! / -outside.directions[ray * 3 + 2]!;
      across += (outside.directions[ray * 3 + 1]! / outside.directions[ray * 3 + 2]!) ** 2;
    }
    expect(sum / rays).toBeCloseTo(-Math.tan((4.75 * Math.PI) / 180), 2);
    // Even over ±9.5° plus a blur of 5° full width: the deviation is √(19²/12 + 2.12²) degrees.
    const deviation = (Math.hypot(19 / Math.sqrt(12), 5 / 2.355) * Math.PI) / 180;
    expect(Math.sqrt(across / rays)).toBeCloseTo(deviation, 2);
  });

  test('is mirrored by the other region', () => {
    expect(distanceM(sceneOf(), inside)).toBeCloseTo(distanceM(sceneOf(), outside), 2);
  });
});

describe('a person of 1.80 m under a sensor at 2.50 m', () => {
  test('reads about 0.7 m to the head, and more where the shoulders mix in', () => {
    const read = distanceM(sceneOf(standingAt(-0.08)));
    expect(read).toBeGreaterThan(0.7);
    expect(read).toBeLessThan(0.95);
  });

  test('reads longer with dark hair, because shoulders and floor send more light than the head', () => {
    const light = distanceM(sceneOf(standingAt(-0.08, { ...body, hair: 0.5 })));
    const dark = distanceM(sceneOf(standingAt(-0.08, { ...body, hair: 0.05 })));
    expect(dark).toBeGreaterThan(light + 0.04);
  });

  test('is seen by the outside region first when coming in, and by neither from a metre away', () => {
    const empty = distanceM(sceneOf());
    const nearOutside = sceneOf(standingAt(-0.25));
    expect(distanceM(nearOutside, outside)).toBeLessThan(1.4);
    expect(distanceM(nearOutside, inside)).toBeGreaterThan(2.2);
    expect(distanceM(sceneOf(standingAt(-1.2)))).toBeCloseTo(empty, 2);
    expect(distanceM(sceneOf(standingAt(1.2)), inside)).toBeCloseTo(distanceM(sceneOf(), inside), 2);
  });

  test('hides a shorter one who stands at the same place', () => {
    const both = distanceM(sceneOf(standingAt(-0.08), standingAt(-0.08, { ...body, heightM: 1.3 })));
    expect(both).toBeCloseTo(distanceM(sceneOf(standingAt(-0.08))), 1);
  });

  test('is not seen far beside the sensor', () => {
    expect(distanceM(sceneOf(standingAt(-0.08, body, 0.9)))).toBeGreaterThan(2.4);
  });
});

test('a child below a high sensor reads longer than the child and shorter than the floor', () => {
  const [eye] = eyesOf('two', { ...straight, mountingHeightM: 2.83 });
  const read = distanceM(sceneOf(standingAt(-0.1, { ...body, heightM: 1.2, shoulderHalfM: 0.15 })), eye);
  expect(read).toBeGreaterThan(2.83 - 1.2);
  expect(read).toBeLessThan(2.83 * 0.9);
});

test('times may be asked in any order', () => {
  const path = new WalkPath(10, [
    { x: -1.8, y: 0, heading: 0 },
    { x: 0, y: 0, heading: 0 },
    { x: 1.8, y: 0, heading: 0 },
  ]);
  const scene = sceneOf(new Person(body, path));
  const returns = noReturns();
  const at = (startSeconds: number) => {
    scene.look(inside, { startSeconds, exposureSeconds: 0.001 }, returns);
    return returns.distanceM;
  };
  const rising = [9, 10.04, 11, 30].map(at);
  const falling = [30, 11, 10.04, 9].map(at).reverse();
  expect(falling).toEqual(rising);
});
