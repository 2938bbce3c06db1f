import type { Point } from './ray-meeting.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SolidList } from './solid-list.ts';
import type { Pose } from './walk-path.ts';

/** Things that pass under the sensor and are not people. Lengths in metres. */

export type ObjectKind = 'pram' | 'trolley' | 'case' | 'dog' | 'wheelchair';

export interface MovedObject {
  readonly kind: ObjectKind;
  readonly lengthM: number;
  readonly widthM: number;
  readonly heightM: number;
  readonly reflectance: number;
  /** Share of rays that the thing stops: a shopping trolley is a cage. */
  readonly opacity: number;
  /** A pram's hood is up, a trolley is full. */
  readonly raised: boolean;
}

export function drawObject(kind: ObjectKind, random: SeededRandom): MovedObject {
  const common = { kind, opacity: 1, raised: random.chance(0.5), reflectance: random.between(0.12, 0.6) };
  switch (kind) {
    case 'pram':
      return {
        ...common,
        lengthM: random.between(0.75, 0.95),
        widthM: random.between(0.42, 0.56),
        heightM: random.between(0.85, 1.08),
      };
    case 'trolley':
      return {
        ...common,
        lengthM: random.between(0.75, 1),
        widthM: random.between(0.48, 0.58),
        heightM: random.between(0.92, 1.06),
        opacity: random.between(0.35, 0.6),
      };
    case 'case':
      return {
        ...common,
        lengthM: random.between(0.22, 0.34),
        widthM: random.between(0.34, 0.48),
        heightM: random.between(0.55, 0.8),
      };
    case 'dog':
      return {
        ...common,
        lengthM: random.between(0.4, 1),
        widthM: random.between(0.14, 0.28),
        heightM: random.between(0.25, 0.72),
      };
    case 'wheelchair':
      return {
        ...common,
        lengthM: 0.75,
        widthM: random.between(0.56, 0.66),
        heightM: random.between(0.86, 0.96),
      };
    default:
      return kind satisfies never;
  }
}

/** Adds the solids of an object whose centre is at the pose. */
export function addObject(solids: SolidList, object: MovedObject, pose: Pose): void {
  const cos = Math.cos(pose.heading);
  const sin = Math.sin(pose.heading);
  const at = (forward: number, left: number, up: number): Point => ({
    x: pose.x + cos * forward - sin * left,
    y: pose.y + sin * forward + cos * left,
    z: up,
  });
  const place: Placing = { at, heading: pose.heading };
  switch (object.kind) {
    case 'pram':
      addPram(solids, object, place);
      return;
    case 'trolley':
      addTrolley(solids, object, place);
      return;
    case 'case':
      addCase(solids, object, place);
      return;
    case 'dog':
      addDog(solids, object, { ...place, walked: pose.walked });
      return;
    case 'wheelchair':
      addWheelchair(solids, object, place);
      return;
    default:
      object.kind satisfies never;
  }
}

interface Placing {
  readonly at: (forward: number, left: number, up: number) => Point;
  readonly heading: number;
}

function addPram(solids: SolidList, object: MovedObject, { at, heading }: Placing): void {
  const surface = { heading, reflectance: object.reflectance };
  const half = object.widthM / 2;
  solids.box(at(0, 0, 0.5), { x: object.lengthM / 2, y: half * 0.85, z: 0.18 }, surface);
  if (object.raised) {
    const hood = { x: object.lengthM * 0.27, y: half * 0.9, z: object.heightM - 0.62 };
    solids.ellipsoid(at(-object.lengthM * 0.18, 0, 0.62), hood, surface);
  }
  const rod = { radius: 0.018, reflectance: 0.2 };
  solids.capsule(at(-object.lengthM / 2 - 0.15, -half, 1), at(-object.lengthM / 2 - 0.15, half, 1), rod);
}

function addTrolley(solids: SolidList, object: MovedObject, { at, heading }: Placing): void {
  const cage = { heading, reflectance: 0.45, opacity: object.opacity };
  const half = object.widthM / 2;
  const deep = (object.heightM - 0.45) / 2;
  solids.box(at(0, 0, 0.45 + deep), { x: object.lengthM / 2, y: half, z: deep }, cage);
  if (object.raised) {
    const goods = { heading, reflectance: object.reflectance };
    solids.box(at(0.03, 0, 0.68), { x: object.lengthM * 0.42, y: half * 0.85, z: 0.2 }, goods);
  }
  const rod = { radius: 0.02, reflectance: 0.3 };
  solids.capsule(
    at(-object.lengthM / 2, -half, object.heightM),
    at(-object.lengthM / 2, half, object.heightM),
    rod,
  );
}

function addCase(solids: SolidList, object: MovedObject, { at, heading }: Placing): void {
  const surface = { heading, reflectance: object.reflectance };
  const size = { x: object.lengthM / 2, y: object.widthM / 2, z: object.heightM / 2 };
  solids.box(at(0, 0, object.heightM / 2 + 0.05), size, surface);
  const rod = { radius: 0.015, reflectance: 0.4 };
  solids.capsule(at(0.05, 0, object.heightM), at(0.3, 0, object.heightM + 0.28), rod);
}

function addDog(solids: SolidList, object: MovedObject, place: Placing & { walked: number }): void {
  const surface = { reflectance: object.reflectance, radius: object.widthM / 2 };
  const back = object.heightM * 0.8 - object.widthM / 2;
  const half = Math.max(0.02, object.lengthM / 2 - object.widthM / 2);
  solids.capsule(place.at(-half, 0, back), place.at(half * 0.7, 0, back), surface);
  const nod = 0.02 * Math.sin(12 * place.walked);
  const head = { x: object.widthM * 0.6, y: object.widthM * 0.35, z: object.widthM * 0.35 };
  solids.ellipsoid(place.at(half + 0.05, 0, object.heightM - 0.06 + nod), head, {
    heading: place.heading,
    reflectance: object.reflectance,
  });
}

function addWheelchair(solids: SolidList, object: MovedObject, { at, heading }: Placing): void {
  const half = object.widthM / 2;
  const dark = { heading, reflectance: 0.15 };
  solids.box(at(0.05, 0, 0.46), { x: 0.22, y: half * 0.8, z: 0.04 }, dark);
  solids.box(at(-0.2, 0, 0.7), { x: 0.025, y: half * 0.8, z: object.heightM - 0.7 }, dark);
  for (const side of [-1, 1]) {
    solids.box(at(0, side * half, 0.3), { x: 0.29, y: 0.02, z: 0.3 }, { ...dark, opacity: 0.35 });
  }
}
