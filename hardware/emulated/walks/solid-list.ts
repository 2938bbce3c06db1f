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

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** What a ray met: distance along it, cosine of incidence, reflectance. */
export interface Hit {
  distance: number;
  cosine: number;
  reflectance: number;
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

/** A ray: where it starts and its unit direction. */
export interface Ray {
  x: number;
  y: number;
  z: number;
  dx: number;
  dy: number;
  dz: number;
}

interface Meeting {
  readonly ray: Ray;
  readonly hit: Hit;
}

function meetEllipsoid(values: Float64Array, at: number, { ray, hit }: Meeting): void {
  const cos = values[at + 6]!;
  const sin = values[at + 7]!;
  const ox = ray.x - values[at]!;
  const oy = ray.y - values[at + 1]!;
  const rx = values[at + 3]!;
  const ry = values[at + 4]!;
  const rz = values[at + 5]!;
  // The ellipsoid's own frame, scaled so that it becomes the unit sphere.
  const px = (ox * cos + oy * sin) / rx;
  const py = (oy * cos - ox * sin) / ry;
  const pz = (ray.z - values[at + 2]!) / rz;
  const qx = (ray.dx * cos + ray.dy * sin) / rx;
  const qy = (ray.dy * cos - ray.dx * sin) / ry;
  const qz = ray.dz / rz;
  const a = qx * qx + qy * qy + qz * qz;
  const b = px * qx + py * qy + pz * qz;
  const c = px * px + py * py + pz * pz - 1;
  const root = b * b - a * c;
  if (root < 0) return;
  const distance = (-b - Math.sqrt(root)) / a;
  if (distance <= 0 || distance >= hit.distance) return;
  const nx = (px + qx * distance) / rx;
  const ny = (py + qy * distance) / ry;
  const nz = (pz + qz * distance) / rz;
  // Direction cosines in the same frame: q scaled back by the radii.
  const dot = nx * qx * rx + ny * qy * ry + nz * qz * rz;
  hit.distance = distance;
  hit.cosine = -dot / Math.sqrt(nx * nx + ny * ny + nz * nz);
}

function meetSphere(centre: Point, radius: number, { ray, hit }: Meeting): void {
  const x = ray.x - centre.x;
  const y = ray.y - centre.y;
  const z = ray.z - centre.z;
  const b = x * ray.dx + y * ray.dy + z * ray.dz;
  const root = b * b - (x * x + y * y + z * z - radius * radius);
  if (root < 0) return;
  const distance = -b - Math.sqrt(root);
  if (distance <= 0 || distance >= hit.distance) return;
  hit.distance = distance;
  hit.cosine = Math.sqrt(root) / radius;
}

function meetCapsule(values: Float64Array, at: number, meeting: Meeting): void {
  const { ray, hit } = meeting;
  const ax = values[at + 3]!;
  const ay = values[at + 4]!;
  const az = values[at + 5]!;
  const radius = values[at + 6]!;
  const ox = ray.x - values[at]!;
  const oy = ray.y - values[at + 1]!;
  const oz = ray.z - values[at + 2]!;
  const axis = ax * ax + ay * ay + az * az;
  const axisRay = ax * ray.dx + ay * ray.dy + az * ray.dz;
  const axisOrigin = ax * ox + ay * oy + az * oz;
  const a = axis - axisRay * axisRay;
  const b = axis * (ox * ray.dx + oy * ray.dy + oz * ray.dz) - axisOrigin * axisRay;
  const c = axis * (ox * ox + oy * oy + oz * oz) - axisOrigin * axisOrigin - radius * radius * axis;
  const root = b * b - a * c;
  if (root < 0) return;
  if (a > 1e-12) {
    const distance = (-b - Math.sqrt(root)) / a;
    const along = axisOrigin + distance * axisRay;
    if (along > 0 && along < axis) {
      if (distance <= 0 || distance >= hit.distance) return;
      const share = along / axis;
      const nx = ox + distance * ray.dx - share * ax;
      const ny = oy + distance * ray.dy - share * ay;
      const nz = oz + distance * ray.dz - share * az;
      hit.distance = distance;
      hit.cosine = -(nx * ray.dx + ny * ray.dy + nz * ray.dz) / radius;
      return;
    }
  }
  const from = { x: values[at]!, y: values[at + 1]!, z: values[at + 2]! };
  meetSphere(from, radius, meeting);
  meetSphere({ x: from.x + ax, y: from.y + ay, z: from.z + az }, radius, meeting);
}

function meetBox(values: Float64Array, at: number, { ray, hit }: Meeting): void {
  const cos = values[at + 6]!;
  const sin = values[at + 7]!;
  const ox = ray.x - values[at]!;
  const oy = ray.y - values[at + 1]!;
  const origin = [ox * cos + oy * sin, oy * cos - ox * sin, ray.z - values[at + 2]!];
  const direction = [ray.dx * cos + ray.dy * sin, ray.dy * cos - ray.dx * sin, ray.dz];
  let enter = Number.NEGATIVE_INFINITY;
  let leave = Number.POSITIVE_INFINITY;
  let cosine = 0;
  for (let axis = 0; axis < 3; axis++) {
    const half = values[at + 3 + axis]!;
    const speed = direction[axis]!;
    const start = origin[axis]!;
    if (Math.abs(speed) < 1e-12) {
      if (Math.abs(start) > half) return;
      continue;
    }
    const toLow = (-half - start) / speed;
    const toHigh = (half - start) / speed;
    const first = Math.min(toLow, toHigh);
    if (first > enter) {
      enter = first;
      cosine = Math.abs(speed);
    }
    leave = Math.min(leave, Math.max(toLow, toHigh));
  }
  if (enter > leave || enter <= 0 || enter >= hit.distance) return;
  hit.distance = enter;
  hit.cosine = cosine;
}
