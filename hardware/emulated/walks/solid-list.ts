import { type Hit, meetBox, meetCapsule, meetEllipsoid, type Point, type Ray } from './ray-meeting.ts';

/**
 * The solids present at one instant, in metres: x along the walking axis (positive is inside), y
 * across the passage, z up from the floor. One list is filled again and again, so that casting
 * rays allocates nothing.
 */

/** People, prams and leaves under one sensor at one instant; a crowd of ten people has about 120. */
const solidsMax = 512;
const stride = 12;

const shapes = { ellipsoid: 0, capsule: 1, box: 2 } as const;

export interface Surface {
  /** Share of the light at 940 nm that comes back diffusely. */
  readonly reflectance: number;
  /** Share of rays that are stopped: 1 solid, less for mesh and glass. */
  readonly opacity?: number;
}

export class SolidList {
  count = 0;
  private readonly shape = new Uint8Array(solidsMax);
  private readonly values = new Float64Array(solidsMax * stride);
  private readonly bounds = new Float64Array(solidsMax * 4);
  private readonly reflectance = new Float64Array(solidsMax);
  private readonly opacity = new Float64Array(solidsMax);

  clear(): void {
    this.count = 0;
  }

  /** An ellipsoid with half axes `radii` (forward, sideways, up), turned by `heading` about z. */
  ellipsoid(centre: Point, radii: Point, surface: Surface & { heading: number }): void {
    const reach = Math.max(radii.x, radii.y, radii.z);
    const at = this.begin(shapes.ellipsoid, surface);
    this.bound(centre.x, centre.y, centre.z, reach);
    this.place(at, centre, radii, surface.heading);
  }

  /** A box with half sizes `halves`, turned by `heading` about z. */
  box(centre: Point, halves: Point, surface: Surface & { heading: number }): void {
    const at = this.begin(shapes.box, surface);
    this.bound(centre.x, centre.y, centre.z, Math.hypot(halves.x, halves.y, halves.z));
    this.place(at, centre, halves, surface.heading);
  }

  /** A rod with round ends. */
  capsule(from: Point, to: Point, surface: Surface & { radius: number }): void {
    const at = this.begin(shapes.capsule, surface);
    const length = Math.hypot(to.x - from.x, to.y - from.y, to.z - from.z);
    this.bound((from.x + to.x) / 2, (from.y + to.y) / 2, (from.z + to.z) / 2, length / 2 + surface.radius);
    const values = this.values;
    values[at] = from.x;
    values[at + 1] = from.y;
    values[at + 2] = from.z;
    values[at + 3] = to.x - from.x;
    values[at + 4] = to.y - from.y;
    values[at + 5] = to.z - from.z;
    values[at + 6] = surface.radius;
  }

  /**
   * The first solid that the ray from `origin` along the unit vector (`dx`, `dy`, `dz`) meets nearer than
   * `hit.distance`. `dice` in [0, 1) decides whether the ray passes mesh and glass.
   */
  nearest(ray: Ray, dice: number, hit: Hit): boolean {
    let met = false;
    for (let solid = 0; solid < this.count; solid++) {
      if (dice >= this.opacity[solid]! || !this.withinBound(solid, ray)) continue;
      const before = hit.distance;
      this.meet(solid, ray, hit);
      if (hit.distance < before) {
        hit.reflectance = this.reflectance[solid]!;
        met = true;
      }
    }
    return met;
  }

  private begin(shape: number, surface: Surface): number {
    if (this.count >= solidsMax) throw new RangeError(`more than ${solidsMax} solids at one instant`);
    const solid = this.count++;
    this.shape[solid] = shape;
    this.reflectance[solid] = surface.reflectance;
    this.opacity[solid] = surface.opacity ?? 1;
    return solid * stride;
  }

  private bound(x: number, y: number, z: number, radius: number): void {
    const at = (this.count - 1) * 4;
    this.bounds[at] = x;
    this.bounds[at + 1] = y;
    this.bounds[at + 2] = z;
    this.bounds[at + 3] = radius * radius;
  }

  private place(at: number, centre: Point, sizes: Point, heading: number): void {
    const values = this.values;
    values[at] = centre.x;
    values[at + 1] = centre.y;
    values[at + 2] = centre.z;
    values[at + 3] = sizes.x;
    values[at + 4] = sizes.y;
    values[at + 5] = sizes.z;
    values[at + 6] = Math.cos(heading);
    values[at + 7] = Math.sin(heading);
  }

  /** Whether the ray's line passes the solid's bounding sphere. */
  private withinBound(solid: number, ray: Ray): boolean {
    const at = solid * 4;
    const x = this.bounds[at]! - ray.x;
    const y = this.bounds[at + 1]! - ray.y;
    const z = this.bounds[at + 2]! - ray.z;
    const along = x * ray.dx + y * ray.dy + z * ray.dz;
    return x * x + y * y + z * z - along * along <= this.bounds[at + 3]!;
  }

  private meet(solid: number, ray: Ray, hit: Hit): void {
    switch (this.shape[solid]) {
      case shapes.ellipsoid:
        meetEllipsoid(this.values, solid * stride, { ray, hit });
        return;
      case shapes.capsule:
        meetCapsule(this.values, solid * stride, { ray, hit });
        return;
      default:
        meetBox(this.values, solid * stride, { ray, hit });
    }
  }
}
