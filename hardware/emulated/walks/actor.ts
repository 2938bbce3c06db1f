import { addDoorLeaf, type DoorLeaf, type DoorSwing, leafAngle, swingEndsAtSeconds } from './door-leaf.ts';
import { addObject, type MovedObject } from './moved-object.ts';
import { addPerson, type PersonBody } from './person-body.ts';
import type { SolidList } from './solid-list.ts';
import { type Pose, standingPose, type WalkPath } from './walk-path.ts';

/** Whatever can come under the sensor. */
export interface Actor {
  readonly startsAtSeconds: number;
  readonly endsAtSeconds: number;
  /**
   * Adds its solids at a time, unless all of them are farther than `viewM` from the sensor's axis.
   * True if the scene now differs from the empty passage.
   */
  addTo(solids: SolidList, atSeconds: number, viewM: number): boolean;
}

/** No limb or bag is farther from the body's centre than this, metres. */
const bodyReachM = 0.8;
/** A pram's front wheel or a dog's nose. */
const objectReachM = 0.75;

export class Person implements Actor {
  readonly startsAtSeconds: number;
  readonly endsAtSeconds: number;
  private readonly pose: Pose = standingPose();
  private readonly body: PersonBody;
  private readonly path: WalkPath;

  constructor(body: PersonBody, path: WalkPath) {
    this.body = body;
    this.path = path;
    this.startsAtSeconds = path.startsAtSeconds;
    this.endsAtSeconds = path.endsAtSeconds;
  }

  addTo(solids: SolidList, atSeconds: number, viewM: number): boolean {
    this.path.locate(atSeconds, this.pose);
    const reach = viewM + bodyReachM;
    if (Math.abs(this.pose.x) > reach || Math.abs(this.pose.y) > reach) return false;
    addPerson(solids, this.body, this.pose);
    return true;
  }
}

/** Where an object is, seen from who moves it: metres ahead and to the left. */
export interface Beside {
  readonly ahead: number;
  readonly left: number;
}

export class CompanionObject implements Actor {
  readonly startsAtSeconds: number;
  readonly endsAtSeconds: number;
  private readonly pose: Pose = standingPose();
  private readonly object: MovedObject;
  private readonly leader: WalkPath;
  private readonly beside: Beside;

  constructor(object: MovedObject, leader: WalkPath, beside: Beside) {
    this.object = object;
    this.leader = leader;
    this.beside = beside;
    this.startsAtSeconds = leader.startsAtSeconds;
    this.endsAtSeconds = leader.endsAtSeconds;
  }

  addTo(solids: SolidList, atSeconds: number, viewM: number): boolean {
    this.locate(atSeconds);
    const reach = viewM + objectReachM;
    if (Math.abs(this.pose.x) > reach || Math.abs(this.pose.y) > reach) return false;
    addObject(solids, this.object, this.pose);
    return true;
  }

  /** When the object's middle passes the line, or null. */
  passesAtSeconds(): number | null {
    let before = Number.NaN;
    for (let point = 0; point < this.leader.points; point++) {
      const atSeconds = this.leader.secondsAt(point);
      this.locate(atSeconds);
      if (before * this.pose.x <= 0) return atSeconds;
      before = this.pose.x;
    }
    return null;
  }

  private locate(atSeconds: number): void {
    const pose = this.pose;
    this.leader.locate(atSeconds, pose);
    const cos = Math.cos(pose.heading);
    const sin = Math.sin(pose.heading);
    pose.x += cos * this.beside.ahead - sin * this.beside.left;
    pose.y += sin * this.beside.ahead + cos * this.beside.left;
  }
}

/** A leaf that is always there and moves now and then. Swings come in time order. */
export class Door implements Actor {
  readonly startsAtSeconds = Number.NEGATIVE_INFINITY;
  readonly endsAtSeconds = Number.POSITIVE_INFINITY;
  readonly leaf: DoorLeaf;
  private readonly swings: DoorSwing[] = [];

  constructor(leaf: DoorLeaf) {
    this.leaf = leaf;
  }

  swing(swing: DoorSwing): void {
    this.swings.push(swing);
  }

  addTo(solids: SolidList, atSeconds: number): boolean {
    let angle = 0;
    let moving = false;
    for (const swing of this.swings) {
      if (atSeconds < swing.opensAtSeconds || atSeconds > swingEndsAtSeconds(this.leaf, swing)) continue;
      moving = true;
      angle = Math.max(angle, leafAngle(this.leaf, swing, atSeconds));
    }
    addDoorLeaf(solids, this.leaf, angle);
    return moving;
  }
}
