import type { SeededRandom } from './seeded-random.ts';
import type { SolidList } from './solid-list.ts';

/**
 * A swing door near the sensor. Closed, the leaf lies across the passage at `planeM` on the walking
 * axis; it turns about a hinge at one side, towards `swings` (1 inside, -1 outside). Lengths in
 * metres, angles in radians.
 */
export interface DoorLeaf {
  readonly kind: DoorLeafKind;
  readonly planeM: number;
  readonly hingeSide: 1 | -1;
  readonly hingeM: number;
  readonly swings: 1 | -1;
  readonly widthM: number;
  readonly heightM: number;
  readonly thicknessM: number;
  readonly reflectance: number;
  /** The pane of a glass door lets most rays through, its frame none. */
  readonly paneOpacity: number;
  readonly openAngle: number;
  readonly openingSeconds: number;
  readonly closingSeconds: number;
}

type DoorLeafKind = keyof typeof looks;

const looks = {
  wooden: { width: [0.85, 1], height: [1.97, 2.1], thick: 0.045, reflectance: [0.35, 0.6], pane: 1 },
  white: { width: [0.8, 0.95], height: [1.95, 2.08], thick: 0.04, reflectance: [0.65, 0.85], pane: 1 },
  steel: { width: [0.9, 1.05], height: [2, 2.12], thick: 0.055, reflectance: [0.15, 0.4], pane: 1 },
  glass: { width: [0.85, 1], height: [2, 2.12], thick: 0.04, reflectance: [0.3, 0.5], pane: 0.12 },
  narrow: { width: [0.55, 0.72], height: [1.95, 2.1], thick: 0.04, reflectance: [0.2, 0.7], pane: 1 },
  'half-height': { width: [0.7, 0.95], height: [0.95, 1.25], thick: 0.04, reflectance: [0.3, 0.7], pane: 1 },
} as const;

/** Half the field of view along the axis with its blur and a crooked mount, radians. */
const clearOfViewAngle = 0.28;

/** Draws a leaf that fits under a sensor at `mountingHeightM`. */
export function drawDoorLeaf(random: SeededRandom, options: { mountingHeightM: number }): DoorLeaf {
  const kind = random.pickWeighted<DoorLeafKind>([
    ['wooden', 3],
    ['white', 3],
    ['steel', 2],
    ['glass', 2],
    ['narrow', 1],
    ['half-height', 1],
  ]);
  const look = looks[kind];
  const widthM = random.between(look.width[0], look.width[1]);
  const swings = random.chance(0.5) ? 1 : -1;
  const heightM = Math.min(random.between(look.height[0], look.height[1]), options.mountingHeightM - 0.12);
  const clear = (options.mountingHeightM - heightM) * Math.tan(clearOfViewAngle) + 0.04;
  return {
    kind,
    swings,
    widthM,
    // The sensor hangs on the side to which the leaf swings, where it does not see the shut leaf.
    planeM: -swings * (clear + random.between(0, 0.3)),
    hingeSide: random.chance(0.5) ? 1 : -1,
    // A narrow leaf is one of two; the other stands open.
    hingeM: Math.max(widthM / 2, 0.42) + random.between(-0.03, 0.1),
    heightM,
    thicknessM: look.thick,
    reflectance: random.between(look.reflectance[0], look.reflectance[1]),
    paneOpacity: look.pane,
    openAngle: random.between(1.4, 1.9),
    openingSeconds: random.between(0.8, 1.7),
    closingSeconds: random.between(1.8, 5),
  };
}

/** When one swing begins, how far it goes and when the leaf is let go. */
export interface DoorSwing {
  readonly opensAtSeconds: number;
  readonly releasedAtSeconds: number;
  /** 0…1 of the leaf's widest angle. */
  readonly openness: number;
}

const smooth = (share: number) => share * share * (3 - 2 * share);

/** When the leaf is shut again. */
export const swingEndsAtSeconds = (leaf: DoorLeaf, swing: DoorSwing): number =>
  swing.releasedAtSeconds + leaf.closingSeconds;

/** The leaf's angle during a swing, 0 when shut. A closer is fast at first and slows before the latch. */
export function leafAngle(leaf: DoorLeaf, swing: DoorSwing, atSeconds: number): number {
  const widest = leaf.openAngle * swing.openness;
  if (atSeconds <= swing.opensAtSeconds) return 0;
  const opening = Math.min(1, (atSeconds - swing.opensAtSeconds) / leaf.openingSeconds);
  if (atSeconds <= swing.releasedAtSeconds) return widest * smooth(opening);
  const reached = smooth(Math.min(1, (swing.releasedAtSeconds - swing.opensAtSeconds) / leaf.openingSeconds));
  const closing = Math.min(1, (atSeconds - swing.releasedAtSeconds) / leaf.closingSeconds);
  return widest * reached * (1 - closing) ** 1.4;
}

/** Adds the leaf at an angle: a frame all round and a pane within. */
export function addDoorLeaf(solids: SolidList, leaf: DoorLeaf, angle: number): void {
  const away = -leaf.hingeSide;
  const dx = leaf.swings * Math.sin(angle);
  const dy = away * Math.cos(angle);
  const heading = Math.atan2(dy, dx);
  const hingeY = leaf.hingeSide * leaf.hingeM;
  const part = (from: number, to: number, bottomTop: readonly [number, number], opacity: number) => {
    const middle = (from + to) / 2;
    const [bottom, top] = bottomTop;
    solids.box(
      { x: leaf.planeM + dx * middle, y: hingeY + dy * middle, z: (bottom + top) / 2 },
      { x: (to - from) / 2, y: leaf.thicknessM / 2, z: (top - bottom) / 2 },
      { heading, reflectance: leaf.reflectance, opacity },
    );
  };
  if (leaf.paneOpacity >= 1) {
    part(0, leaf.widthM, [0.01, leaf.heightM], 1);
  } else {
    const rail = 0.09;
    part(0, leaf.widthM, [leaf.heightM - rail, leaf.heightM], 1);
    part(0, leaf.widthM, [0.01, rail], 1);
    part(0, rail, [rail, leaf.heightM - rail], 1);
    part(leaf.widthM - rail, leaf.widthM, [rail, leaf.heightM - rail], 1);
    part(rail, leaf.widthM - rail, [rail, leaf.heightM - rail], leaf.paneOpacity);
  }
  // The handle and, on half the leaf's height, what people push.
  const handle = leaf.widthM - 0.08;
  solids.capsule(
    { x: leaf.planeM + dx * handle, y: hingeY + dy * handle, z: Math.min(1.05, leaf.heightM - 0.1) },
    {
      x: leaf.planeM + dx * (handle - 0.12),
      y: hingeY + dy * (handle - 0.12),
      z: Math.min(1.05, leaf.heightM - 0.1),
    },
    { radius: 0.045, reflectance: 0.3 },
  );
}
