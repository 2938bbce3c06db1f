/** A place in the room, metres. */
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

/**
 * Each of these looks where a ray first meets a solid whose numbers lie in `values` from `at` on, and writes
 * it into `hit` if that is nearer than what `hit` holds.
 */
export function meetEllipsoid(values: Float64Array, at: number, { ray, hit }: Meeting): void {
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

/** Meets a rod with round ends. */
export function meetCapsule(values: Float64Array, at: number, meeting: Meeting): void {
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

/** Meets a box turned about the vertical. */
export function meetBox(values: Float64Array, at: number, { ray, hit }: Meeting): void {
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
