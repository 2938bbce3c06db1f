/**
 * What one region of a sensor looks at: rays from one place, and the plane they end on when nobody
 * is there. Lengths in metres, in the room's frame (x inwards, y across, z up).
 */
export interface Eye {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Unit vectors, three numbers a ray, in an order that spreads any run of rays over the field. */
  readonly directions: Float64Array;
  /** The floor, or for a sensor in the wall the opposite wall. */
  readonly background: { readonly axis: 'y' | 'z'; readonly at: number };
}

/** Photosites of a VL53L1X: 16 rows along the walking axis, 16 columns across. Bounds inclusive. */
export interface SpadRegion {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

const spadSide = 16;

/** 27° over the diagonal are 19° a side (VL53L1X data sheet, full array). */
export const fieldOfViewSideDegrees = 19;

export interface EyeOptions {
  readonly mountingHeightM: number;
  /** Field of view of the full array, a side; that of the data sheet by default. */
  readonly fieldDegrees?: number;
  /** Full width at half maximum of the lens's blur (AN5191: 8 × 8 and 4 × 4 see more than their share). */
  readonly blurDegrees: number;
  /** The sensor hangs askew by this much, along and across the walking axis. */
  readonly tiltDegrees: readonly [number, number];
}

/** Rays a region: at 2.5 m one ray stands for a patch of 4 cm, a head is hit by dozens. */
const raysPerRegion = 192;

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Numbers that fill the unit interval evenly, one sequence a dimension (additive recurrence). */
function evenly(index: number, dimension: number): number {
  // Plastic-number recurrence for four dimensions (M. Roberts, "The unreasonable effectiveness of quasirandom sequences").
  const root = 1.1673039782614187;
  return (0.5 + index / root ** (dimension + 1)) % 1;
}

/** Standard normal quantile (P. Acklam's rational approximation is not needed: a logistic fit within 0.02). */
function normalQuantile(probability: number): number {
  const bounded = Math.min(0.998, Math.max(0.002, probability));
  const logit = Math.log(bounded / (1 - bounded));
  // tanh-free inverse of Φ(x) ≈ 1/(1+exp(-1.5976x-0.07056x³)) by one Newton step.
  let x = logit / 1.702;
  for (let step = 0; step < 3; step++) {
    x -= (1.5976 * x + 0.07056 * x ** 3 - logit) / (1.5976 + 0.21168 * x * x);
  }
  return x;
}

/** The eye of one region of a ceiling VL53L1X above (0, 0). Row 0 looks farthest outside. */
export function spadEye(region: SpadRegion, options: EyeOptions): Eye {
  const pitch = (options.fieldDegrees ?? fieldOfViewSideDegrees) / spadSide;
  const spread = options.blurDegrees / 2.355;
  const directions = new Float64Array(raysPerRegion * 3);
  const along = (share: number) =>
    (region.rows[0] + share * (region.rows[1] + 1 - region.rows[0]) - spadSide / 2) * pitch;
  const across = (share: number) =>
    (region.columns[0] + share * (region.columns[1] + 1 - region.columns[0]) - spadSide / 2) * pitch;
  for (let ray = 0; ray < raysPerRegion; ray++) {
    const alongDegrees =
      along(evenly(ray, 0)) + spread * normalQuantile(evenly(ray, 2)) + options.tiltDegrees[0];
    const acrossDegrees =
      across(evenly(ray, 1)) + spread * normalQuantile(evenly(ray, 3)) + options.tiltDegrees[1];
    const x = Math.tan(radians(alongDegrees));
    const y = Math.tan(radians(acrossDegrees));
    setDirection(directions, ray, [x, y, -1]);
  }
  return { x: 0, y: 0, z: options.mountingHeightM, directions, background: { axis: 'z', at: 0 } };
}

/** The eye of a narrow beam or sound cone of a given full width, from a place along a main direction. */
export function coneEye(
  from: { x: number; y: number; z: number },
  cone: { widthDegrees: number; looks: 'down' | 'across'; wallM: number },
): Eye {
  const count = 48;
  const directions = new Float64Array(count * 3);
  const half = Math.tan(radians(cone.widthDegrees / 2));
  for (let ray = 0; ray < count; ray++) {
    const radius = half * Math.sqrt(evenly(ray, 0));
    const angle = 2 * Math.PI * evenly(ray, 1);
    const side = radius * Math.cos(angle);
    const other = radius * Math.sin(angle);
    setDirection(directions, ray, cone.looks === 'down' ? [side, other, -1] : [side, 1, other]);
  }
  const background =
    cone.looks === 'down' ? { axis: 'z' as const, at: 0 } : { axis: 'y' as const, at: cone.wallM };
  return { ...from, directions, background };
}

function setDirection(directions: Float64Array, ray: number, to: readonly [number, number, number]): void {
  const length = Math.hypot(...to);
  for (let axis = 0; axis < 3; axis++) directions[ray * 3 + axis] = to[axis]! / length;
}
