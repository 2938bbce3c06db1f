import type { Actor } from './actor.ts';
import { EchoHistogram, type EchoOptions } from './echo-histogram.ts';
import type { Eye } from './eye.ts';
import type { Hit, Ray } from './ray-meeting.ts';
import { SolidList } from './solid-list.ts';

/** What the rays of one exposure brought back. Weights are photons in units of a white target at 1 m. */
export interface Returns {
  /** Mean over the rays of reflectance · cosine / distance². */
  weight: number;
  /** The distance the sensor locks on, metres. */
  distanceM: number;
  /** Standard deviation of the distances that it takes for one, metres: head, shoulder and floor mixed. */
  spreadM: number;
  /** The nearest solid, metres: a sound cone answers with its first echo. */
  nearestM: number;
  /** Share of rays that met somebody or something. */
  share: number;
}

export const noReturns = (): Returns => ({ weight: 0, distanceM: 0, spreadM: 0, nearestM: 0, share: 0 });

/** Instants an exposure is looked at: a runner moves 6 cm in 20 ms, 1.5 cm between two of them. */
const instantsPerExposure = 4;

/** The empty passage seen by an eye is worked out once an eye. */
const eyesMax = 64;

export interface WalkSceneOptions {
  readonly actors: readonly Actor[];
  readonly floorReflectance: number;
  readonly echo: EchoOptions;
  /** How far from the sensor's axis anything can be seen, metres. */
  readonly viewM: number;
}

/**
 * Everything that moves under the sensor, looked at by ray casting. Times may be asked in any order;
 * asking in rising order is fast.
 */
export class WalkScene {
  private readonly actors: readonly Actor[];
  private readonly always: readonly Actor[];
  private readonly options: WalkSceneOptions;
  private readonly solids = new SolidList();
  private readonly echoes = new EchoHistogram();
  private readonly ray: Ray = { x: 0, y: 0, z: 0, dx: 0, dy: 0, dz: 0 };
  private readonly hit: Hit = { distance: 0, cosine: 0, reflectance: 0 };
  private readonly empty = new Map<Eye, Returns>();
  private present: Actor[] = [];
  private nextActor = 0;
  private latestSeconds = Number.NEGATIVE_INFINITY;

  constructor(options: WalkSceneOptions) {
    this.options = options;
    this.always = options.actors.filter((actor) => actor.startsAtSeconds === Number.NEGATIVE_INFINITY);
    this.actors = options.actors
      .filter((actor) => actor.startsAtSeconds !== Number.NEGATIVE_INFINITY)
      .sort((one, other) => one.startsAtSeconds - other.startsAtSeconds);
  }

  /** What `eye` sees from `startSeconds` on for `exposureSeconds`, written into `returns`. */
  look(eye: Eye, exposure: { startSeconds: number; exposureSeconds: number }, returns: Returns): void {
    const sums: Sums = { weight: 0, nearest: Number.POSITIVE_INFINITY, met: 0 };
    this.echoes.clear();
    let disturbed = false;
    for (let instant = 0; instant < instantsPerExposure; instant++) {
      const share = (instant + 0.5) / instantsPerExposure;
      if (this.gather(exposure.startSeconds + share * exposure.exposureSeconds)) disturbed = true;
      else if (instant === 0) break;
      this.cast(eye, { from: instant, step: instantsPerExposure }, sums);
    }
    if (!disturbed) {
      Object.assign(returns, this.emptyReturns(eye));
      return;
    }
    this.settle(sums, eye, returns);
  }

  private emptyReturns(eye: Eye): Returns {
    const known = this.empty.get(eye);
    if (known !== undefined) return known;
    if (this.empty.size >= eyesMax) throw new RangeError(`more than ${eyesMax} regions look at one scene`);
    this.solids.clear();
    for (const actor of this.always) actor.addTo(this.solids, Number.NEGATIVE_INFINITY, this.options.viewM);
    const sums: Sums = { weight: 0, nearest: Number.POSITIVE_INFINITY, met: 0 };
    this.echoes.clear();
    this.cast(eye, { from: 0, step: 1 }, sums);
    const returns = noReturns();
    this.settle(sums, eye, returns);
    this.empty.set(eye, returns);
    return returns;
  }

  /** Fills the list of solids for an instant; true if anybody is near. */
  private gather(atSeconds: number): boolean {
    this.solids.clear();
    this.follow(atSeconds);
    let disturbed = false;
    for (const actor of this.present) {
      if (actor.addTo(this.solids, atSeconds, this.options.viewM)) disturbed = true;
    }
    for (const actor of this.always) {
      if (actor.addTo(this.solids, atSeconds, this.options.viewM)) disturbed = true;
    }
    return disturbed;
  }

  private follow(atSeconds: number): void {
    if (atSeconds < this.latestSeconds - 1) {
      this.nextActor = 0;
      this.present = [];
      this.latestSeconds = Number.NEGATIVE_INFINITY;
    }
    let changed = false;
    for (;;) {
      const actor = this.actors[this.nextActor];
      if (actor === undefined || actor.startsAtSeconds > atSeconds) break;
      this.present.push(actor);
      this.nextActor++;
      changed = true;
    }
    this.latestSeconds = Math.max(this.latestSeconds, atSeconds);
    // Times may step back by up to a second (regions in turn): who left is forgotten after two.
    if (changed) this.present = this.present.filter((actor) => actor.endsAtSeconds > atSeconds - 2);
  }

  private cast(eye: Eye, rays: { from: number; step: number }, sums: Sums): void {
    const { ray, hit, solids } = this;
    ray.x = eye.x;
    ray.y = eye.y;
    ray.z = eye.z;
    const count = eye.directions.length / 3;
    for (let index = rays.from; index < count; index += rays.step) {
      ray.dx = eye.directions[index * 3]!;
      ray.dy = eye.directions[index * 3 + 1]!;
      ray.dz = eye.directions[index * 3 + 2]!;
      const slope = eye.background.axis === 'z' ? ray.dz : ray.dy;
      const way = eye.background.at - (eye.background.axis === 'z' ? eye.z : eye.y);
      hit.distance = way / slope;
      hit.cosine = Math.abs(slope);
      hit.reflectance = this.options.floorReflectance;
      if (solids.nearest(ray, (index * 0.618034) % 1, hit)) {
        sums.met++;
        sums.nearest = Math.min(sums.nearest, hit.distance);
      }
      // Nearer than 4 cm the receiver sees no more of the spot (data sheet: 4 cm minimum).
      const near = Math.max(0.04, hit.distance);
      const weight = (hit.reflectance * Math.max(0.02, hit.cosine)) / (near * near);
      sums.weight += weight;
      this.echoes.add(hit.distance, weight);
    }
  }

  private settle(sums: Sums, eye: Eye, returns: Returns): void {
    const rays = eye.directions.length / 3;
    this.echoes.lock(this.options.echo, returns);
    returns.weight = sums.weight / rays;
    returns.nearestM = sums.nearest;
    returns.share = sums.met / rays;
  }
}

interface Sums {
  weight: number;
  nearest: number;
  met: number;
}
