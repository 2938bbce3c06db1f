import type { Point } from './ray-meeting.ts';
import type { SolidList } from './solid-list.ts';
import type { Pose } from './walk-path.ts';

/**
 * A person as solids: head, shoulders, trunk, arms, legs. Proportions follow anthropometric tables
 * for adults (head 0.13 of the stature, shoulders at 0.82, shoulder breadth 0.26); children have
 * larger heads for their stature.
 */
export interface PersonBody {
  readonly heightM: number;
  readonly shoulderHalfM: number;
  readonly depthHalfM: number;
  readonly hair: number;
  readonly clothing: number;
  readonly trousers: number;
  /** Phase of the step cycle at the start, radians. */
  readonly gaitPhase: number;
  /** Share of the stature lost by bending over a phone or a child. */
  readonly stoop: number;
  readonly arms: 'swinging' | 'pushing' | 'phone';
  readonly carries: 'nothing' | 'rucksack' | 'shoulder-bag' | 'shopping';
  readonly seated: boolean;
}

/** Height of the crown of somebody who sits in a chair, from the stature. */
const seatedCrownM = (heightM: number): number => 0.48 + 0.52 * heightM - 0.11;

/** Head height: grows slower than the stature. */
const headHalfHeightM = (heightM: number) => 0.118 * Math.sqrt(heightM / 1.75);

/** Turns places in the body's own frame (forward, left, up) into places in the room. */
class BodyFrame {
  private readonly cos: number;
  private readonly sin: number;
  private readonly x: number;
  private readonly y: number;

  constructor(pose: Pose, sway: number) {
    this.cos = Math.cos(pose.heading);
    this.sin = Math.sin(pose.heading);
    this.x = pose.x - this.sin * sway;
    this.y = pose.y + this.cos * sway;
  }

  at(forward: number, left: number, up: number): Point {
    return {
      x: this.x + this.cos * forward - this.sin * left,
      y: this.y + this.sin * forward + this.cos * left,
      z: up,
    };
  }
}

/** Adds the solids of a person at a pose. */
export function addPerson(solids: SolidList, body: PersonBody, pose: Pose): void {
  const stepM = 0.41 * body.heightM;
  const phase = body.gaitPhase + (Math.PI * pose.walked) / stepM;
  const moving = Math.min(1, pose.speed / 0.5);
  const sway = 0.018 * Math.sin(phase) * moving + 0.012 * Math.sin(phase + pose.x);
  const frame = new BodyFrame(pose, sway);
  if (body.seated) {
    addSeated(solids, body, { frame, heading: pose.heading });
    return;
  }
  const bob = 0.018 * Math.cos(2 * phase) * moving;
  const crown = body.heightM * (1 - body.stoop) + bob - 0.01;
  const lean = 0.02 + body.stoop * 2.2 + 0.02 * Math.min(2.5, pose.speed);
  addHead(solids, body, { frame, heading: pose.heading, crown, lean });
  addTrunk(solids, body, { frame, heading: pose.heading, shoulder: crown - 0.18 * body.heightM, lean });
  const swing = phase + Math.PI / 2;
  addArms(solids, body, { frame, shoulder: crown - 0.18 * body.heightM, swing: Math.sin(swing) * moving });
  addLegs(solids, body, { frame, swing: Math.sin(swing) * moving, speed: pose.speed });
  addLuggage(solids, body, { frame, heading: pose.heading, crown });
}

interface Posture {
  readonly frame: BodyFrame;
  readonly heading: number;
}

function addHead(
  solids: SolidList,
  body: PersonBody,
  posture: Posture & { crown: number; lean: number },
): void {
  const half = headHalfHeightM(body.heightM);
  const centre = posture.frame.at(posture.lean, 0, posture.crown - half);
  solids.ellipsoid(
    centre,
    { x: half * 0.82, y: half * 0.66, z: half },
    { heading: posture.heading, reflectance: body.hair },
  );
}

function addTrunk(
  solids: SolidList,
  body: PersonBody,
  posture: Posture & { shoulder: number; lean: number },
): void {
  const round = 0.036 * body.heightM;
  const reach = body.shoulderHalfM - round;
  const surface = { radius: round, reflectance: body.clothing };
  const { frame, shoulder } = posture;
  const forward = posture.lean * 0.4;
  solids.capsule(
    frame.at(forward, -reach, shoulder - round),
    frame.at(forward, reach, shoulder - round),
    surface,
  );
  const half = shoulder * 0.22;
  solids.ellipsoid(
    frame.at(forward * 0.5, 0, shoulder - half),
    { x: body.depthHalfM, y: body.shoulderHalfM * 0.82, z: half },
    { heading: posture.heading, reflectance: body.clothing },
  );
}

function addArms(
  solids: SolidList,
  body: PersonBody,
  posture: { frame: BodyFrame; shoulder: number; swing: number },
): void {
  const { frame, shoulder, swing } = posture;
  const length = 0.33 * body.heightM;
  const surface = { radius: 0.026 * body.heightM, reflectance: body.clothing };
  for (const side of [-1, 1]) {
    const left = side * (body.shoulderHalfM - 0.01);
    const bent = body.arms === 'pushing' || (body.arms === 'phone' && side === 1);
    const angle = bent ? 0.95 : 0.42 * swing * side;
    const inwards = bent ? -side * 0.06 : 0;
    solids.capsule(
      frame.at(0, left, shoulder - 0.05),
      frame.at(length * Math.sin(angle), left + inwards, shoulder - 0.05 - length * Math.cos(angle)),
      surface,
    );
  }
}

function addLegs(
  solids: SolidList,
  body: PersonBody,
  posture: { frame: BodyFrame; swing: number; speed: number },
): void {
  const hip = 0.48 * body.heightM;
  const surface = { radius: 0.04 * body.heightM, reflectance: body.trousers };
  const stride = (0.18 + 0.04 * Math.min(3, posture.speed)) * body.heightM;
  for (const side of [-1, 1]) {
    const left = side * 0.05 * body.heightM;
    const foot = -side * posture.swing * stride;
    solids.capsule(posture.frame.at(0, left, hip), posture.frame.at(foot, left, 0.06), surface);
  }
}

function addLuggage(solids: SolidList, body: PersonBody, posture: Posture & { crown: number }): void {
  const { frame, heading, crown } = posture;
  const surface = { heading, reflectance: (body.clothing + body.trousers) / 2 };
  switch (body.carries) {
    case 'nothing':
      return;
    case 'rucksack':
      solids.box(
        frame.at(-body.depthHalfM - 0.09, 0, crown * 0.68),
        { x: 0.1, y: 0.15, z: 0.14 * crown },
        surface,
      );
      return;
    case 'shoulder-bag':
      solids.box(
        frame.at(0, body.shoulderHalfM + 0.06, crown * 0.48),
        { x: 0.17, y: 0.06, z: 0.14 },
        surface,
      );
      return;
    case 'shopping':
      solids.box(frame.at(0.02, -body.shoulderHalfM - 0.05, 0.3), { x: 0.18, y: 0.08, z: 0.2 }, surface);
      return;
    default:
      body.carries satisfies never;
  }
}

function addSeated(solids: SolidList, body: PersonBody, posture: Posture): void {
  const crown = seatedCrownM(body.heightM);
  addHead(solids, body, { ...posture, crown, lean: 0 });
  const shoulder = crown - 0.18 * body.heightM;
  addTrunk(solids, body, { ...posture, shoulder, lean: 0 });
  addArms(solids, { ...body, arms: 'pushing' }, { frame: posture.frame, shoulder, swing: 0 });
  const thigh = { radius: 0.075, reflectance: body.trousers };
  for (const left of [-0.1, 0.1]) {
    solids.capsule(posture.frame.at(0, left, 0.52), posture.frame.at(0.42, left, 0.52), thigh);
    solids.capsule(posture.frame.at(0.42, left, 0.5), posture.frame.at(0.5, left, 0.12), thigh);
  }
}
