/** Where a body's centre is, in metres from the point under the sensor, and how it moves. */
export interface Pose {
  x: number;
  y: number;
  /** Direction the body faces, radians; 0 looks along +x, that is inwards. */
  heading: number;
  /** Way covered since the path began, metres: it drives the gait. */
  walked: number;
  /** Metres a second. */
  speed: number;
}

/** Grid of sampled paths: at 3 m/s a body moves 12 cm between two points, straight enough. */
export const pathStepSeconds = 0.04;

/** A path sampled on an even grid; between grid points it is straight. */
export class WalkPath {
  readonly startsAtSeconds: number;
  readonly endsAtSeconds: number;
  private readonly x: Float32Array;
  private readonly y: Float32Array;
  private readonly heading: Float32Array;
  private readonly walked: Float32Array;

  constructor(startsAtSeconds: number, points: readonly { x: number; y: number; heading: number }[]) {
    const count = points.length;
    if (count < 2) throw new RangeError('a path needs two points');
    this.startsAtSeconds = startsAtSeconds;
    this.endsAtSeconds = startsAtSeconds + (count - 1) * pathStepSeconds;
    this.x = new Float32Array(count);
    this.y = new Float32Array(count);
    this.heading = new Float32Array(count);
    this.walked = new Float32Array(count);
    let walked = 0;
    points.forEach((point, at) => {
      const before = points[at - 1] ?? point;
      walked += Math.hypot(point.x - before.x, point.y - before.y);
      this.x[at] = point.x;
      this.y[at] = point.y;
      this.heading[at] = point.heading;
      this.walked[at] = walked;
    });
  }

  get points(): number {
    return this.x.length;
  }

  /** Position along the walking axis at a grid point. */
  xAt(point: number): number {
    return this.x[Math.min(this.points - 1, Math.max(0, point))]!;
  }

  /** When the body is first at or beyond `x`, seen from where it set out; the end if it never is. */
  reaches(x: number): number {
    const sign = x >= this.xAt(0) ? 1 : -1;
    for (let point = 0; point < this.points; point++) {
      if (sign * (this.xAt(point) - x) >= 0) return this.secondsAt(point);
    }
    return this.endsAtSeconds;
  }

  /** The same walk by somebody `metres` farther along the axis. */
  shifted(metres: number): WalkPath {
    const points = Array.from(this.x, (x, at) => ({
      x: x + metres,
      y: this.y[at]!,
      heading: this.heading[at]!,
    }));
    return new WalkPath(this.startsAtSeconds, points);
  }

  secondsAt(point: number): number {
    return this.startsAtSeconds + point * pathStepSeconds;
  }

  /** Writes the pose at a time into `pose`; before the start and after the end the body stands still. */
  locate(atSeconds: number, pose: Pose): void {
    const last = this.points - 1;
    const grid = Math.min(last, Math.max(0, (atSeconds - this.startsAtSeconds) / pathStepSeconds));
    const low = Math.min(last - 1, Math.floor(grid));
    const share = grid - low;
    const mix = (values: Float32Array) => values[low]! * (1 - share) + values[low + 1]! * share;
    pose.x = mix(this.x);
    pose.y = mix(this.y);
    pose.heading = mix(this.heading);
    pose.walked = mix(this.walked);
    pose.speed = (this.walked[low + 1]! - this.walked[low]!) / pathStepSeconds;
  }
}

export const standingPose = (): Pose => ({ x: 0, y: 0, heading: 0, walked: 0, speed: 0 });
