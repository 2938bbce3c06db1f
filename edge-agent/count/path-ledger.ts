import { type Direction, settleSecondsMax } from './counter.ts';
import { ErrorModel } from './error-model.ts';
import type { FindingQueue } from './finding-queue.ts';
import { LeafMemory } from './leaf-memory.ts';
import type { PathCandidate } from './path-candidate.ts';

/** A finding is not older than this when it settles: intervals close (`settleSecondsMax`). */
const latestSeconds = settleSecondsMax - 0.3;

/** Who turns round past the line is back within five seconds (counting.md); a path waits so long. */
const turnSecondsMax = 5.2;

/** A path waits so long for what may follow: a door leaf closes within some eight seconds. */
export const waitSecondsMax = 8.4;

/** Faster over the line nobody comes to a stop within half a metre (3 m/s², and a third more as it is read). */
const turnSpeedMax = 2200;

/** Who turns nearer than half a metre shows their legs most of the time; out of sight it takes no longer. */
const unseenSecondsMax = 2.2;

/** A third of the mean time that a turn takes beyond the shortest. */
const turnScale = 0.4;

/**
 * Shortest time between passing the line and coming back over it, braking and setting off at
 * 2.5 m/s²: whoever let the far side fall to `valleyShare` of their height was so far past it.
 */
function turnSecondsMin(valleyShare: number): number {
  if (valleyShare > 0.5) return 0.3;
  return valleyShare > 0.12 ? 0.65 : 0.95;
}

/** Cases and dogs are lower than this; a wheelchair user is not. */
const companionMm = 850;

/** Whoever pushes or pulls is so near. */
const pusherApartMm = 1000;

/** A leaf's upper edge is higher than most heads, and even all along. */
const leafHeightMm = 1850;
const leafDifferenceMm = 30;
const leafEvenness = 0.97;

/** An object is at least so much lower than whoever pushes it: a child of school age is not. */
const pusherTallerMm = 300;

/** The same head on its way back reads the same within noise and stoop. */
const sameHeadMm = 70;

/** Heads of two different people differ by so much, as read: stature, hair, and where they walk. */
const otherHeadMm = 300;

/** Somebody passes each way at least so often; before anybody has passed this is all we know. */
const rateMin = 1 / 60;

/** Rates are remembered over so long. */
const rateSeconds = 120;

/** More waiting paths than a crowd makes in five seconds; older ones are settled at once. */
const pendingMax = 64;

/**
 * Both lanes see one body pass at about the same time, whatever its speed; of two abreast one is mostly
 * a little ahead.
 */
const sameBodySeconds = 0.2;

/** Keeps paths until their neighbours have been heard, then settles them. */
export class PathLedger {
  readonly live = { in: 0, out: 0 };
  readonly #findings: FindingQueue;
  readonly #pending: PathCandidate[] = [];
  /** Smoothed passings a second. */
  readonly #rates = { in: rateMin, out: rateMin };
  #rateAt = Number.NEGATIVE_INFINITY;
  readonly #errors = new ErrorModel();
  #settledAt = Number.NEGATIVE_INFINITY;
  readonly #leaves = new LeafMemory();
  #turned = 0;
  #passed = 0;

  constructor(findings: FindingQueue) {
    this.#findings = findings;
  }

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  /** Takes a path that was found at `nowSeconds`. */
  add(path: PathCandidate, nowSeconds: number): void {
    // Somebody else stood there all the time: better a second late than in a closed interval.
    path.atSeconds = Math.max(path.atSeconds, nowSeconds - latestSeconds);
    if (this.#isSeenNextDoor(path)) return;
    if (path.direction !== null) this.live[path.direction] += 1;
    this.#pending.push(path);
    this.#hear(path);
    if (this.#pending.length > pendingMax) this.#settle(this.#pending.shift()!);
  }

  /** Whether the lane beside has told of the same body already: lanes are 13 cm apart at head height. */
  #isSeenNextDoor(path: PathCandidate): boolean {
    for (const earlier of this.#pending) {
      if (earlier.lane === path.lane || earlier.isShared || earlier.direction !== path.direction) continue;
      if (Math.abs(earlier.atSeconds - path.atSeconds) > sameBodySeconds) continue;
      earlier.isShared = true;
      if (path.heightMm > earlier.heightMm) earlier.heightMm = path.heightMm;
      return true;
    }
    return false;
  }

  settleBefore(atSeconds: number): void {
    while (this.#pending.length > 0 && this.#pending[0]!.atSeconds < atSeconds) {
      this.#settle(this.#pending.shift()!);
    }
  }

  /** Lets a new path change what was thought of those before it. */
  #hear(path: PathCandidate): void {
    // Beams tell no heads apart.
    if (path.evenness === 0) return;
    if (path.direction !== null && path.evenness > leafEvenness && this.#leaves.knows(path.heightMm)) {
      this.#reject(path, 'object');
    }
    for (let index = this.#pending.length - 2; index >= 0; index--) {
      const earlier = this.#pending[index]!;
      if (path.direction === null) break;
      const gap = path.atSeconds - earlier.atSeconds;
      if (gap > waitSecondsMax) break;
      if (earlier.direction === null) continue;
      if (earlier.direction === path.direction) this.#hearPusher(earlier, path);
      else if (isLeaf(earlier, path)) {
        this.#leaves.learn(0.5 * (earlier.heightMm + path.heightMm));
        this.#reject(earlier, 'object');
        this.#reject(path, 'object');
        return;
      } else if (this.#isReturn(earlier, path)) {
        this.#reject(earlier, 'turned-back');
        this.#drop(path);
        return;
      }
    }
  }

  /** Low and short beside somebody tall: a case or a dog, not a child who walks at a distance. */
  #hearPusher(earlier: PathCandidate, path: PathCandidate): void {
    const low = earlier.heightMm < path.heightMm ? earlier : path;
    const tall = low === earlier ? path : earlier;
    if (low.heightMm > companionMm || low.heightMm > tall.heightMm - pusherTallerMm) return;
    const apartMm = Math.abs(path.atSeconds - earlier.atSeconds) * tall.speedMmPerSecond;
    if (path.stretch === earlier.stretch && apartMm < pusherApartMm) this.#reject(low, 'object');
  }

  /** Whether somebody turned round: odds of one walker's way back against a second walker. */
  #isReturn(earlier: PathCandidate, path: PathCandidate): boolean {
    const gap = path.atSeconds - earlier.atSeconds;
    if (gap > turnSecondsMax || gap <= turnSecondsMin(path.valleyShare)) return false;
    if (0.5 * (path.speedMmPerSecond + earlier.speedMmPerSecond) > turnSpeedMax) return false;
    const isContinuous = path.stretch === earlier.stretch;
    if (!isContinuous && path.startSeconds - earlier.endSeconds > unseenSecondsMax) return false;
    const difference = (path.heightMm - earlier.heightMm) / sameHeadMm;
    const sameHead = Math.log(otherHeadMm / sameHeadMm) - 0.5 * difference * difference;
    const past = gap - turnSecondsMin(path.valleyShare);
    const turnTime = Math.log((past * past * Math.exp(-past / turnScale)) / (2 * turnScale ** 3));
    const opposite = path.direction === 'in' ? this.#rates.in : this.#rates.out;
    const share = this.#turnShare;
    const prior = Math.log(share / opposite) + turnTime + sameHead;
    // Two walkers who follow each other at once hide the floor between them, too.
    const between = path.startSeconds - earlier.endSeconds;
    if (between < 1.3 * (earlier.approachSeconds + path.leaveSeconds)) return prior > 0;
    return prior + (isContinuous ? 2 : 0) + slowing(earlier, path) > 0;
  }

  get #turnShare(): number {
    return (this.#turned + 1.5) / (this.#passed + 25);
  }

  #reject(path: PathCandidate, reason: 'object' | 'turned-back'): void {
    if (path.direction !== null) this.live[path.direction as Direction] -= 1;
    path.direction = null;
    path.reason = reason;
  }

  /** Both ways of one walker are one path. */
  #drop(path: PathCandidate): void {
    if (path.direction !== null) this.live[path.direction as Direction] -= 1;
    const index = this.#pending.lastIndexOf(path);
    if (index >= 0) this.#pending.splice(index, 1);
  }

  /** Time to the path before or after, whichever is nearer. */
  #nearest(path: PathCandidate): number {
    const before = path.atSeconds - this.#settledAt;
    const after = (this.#pending[0]?.atSeconds ?? Number.POSITIVE_INFINITY) - path.atSeconds;
    return Math.min(Math.abs(before), Math.abs(after));
  }

  #settle(path: PathCandidate): void {
    const { atSeconds, direction, confidence } = path;
    const nearestSeconds = this.#nearest(path);
    this.#settledAt = atSeconds;
    if (direction === null) {
      if (path.reason === 'turned-back' && path.evenness > 0) {
        this.#turned += 1;
        this.#findings.doubt(this.#errors.turned({ atSeconds, nearestSeconds }));
      }
      this.#findings.rejection({ atSeconds, reason: path.reason ?? 'turned-back' });
      return;
    }
    this.#passed += 1;
    const faded = Math.exp(-Math.max(0, atSeconds - this.#rateAt) / rateSeconds);
    this.#rateAt = atSeconds;
    this.#rates.in = Math.max(rateMin, this.#rates.in * faded);
    this.#rates.out = Math.max(rateMin, this.#rates.out * faded);
    this.#rates[direction] += 1 / rateSeconds;
    this.#findings.crossing({ atSeconds, direction, confidence });
    this.#findings.doubt(this.#errors.crossing({ atSeconds, direction, confidence, nearestSeconds }));
  }
}

/** A door that opens and closes: two tall passings the opposite way with one and the same top. */
function isLeaf(earlier: PathCandidate, path: PathCandidate): boolean {
  return (
    Math.min(earlier.heightMm, path.heightMm) > leafHeightMm &&
    Math.abs(earlier.heightMm - path.heightMm) < leafDifferenceMm &&
    Math.min(earlier.evenness, path.evenness) > leafEvenness
  );
}

/** Log ratio of foregrounds after and before one walk, for two walkers: gait, arms and noise. */
const steadyDeviation = 0.6;

/** The same where one walker brakes, turns and sets off: they are near the line at half speed and less. */
const turnedMean = 1.9;
const turnedDeviation = 0.9;

/** What the foregrounds alone may say; luggage and neighbours can fool them. */
const slowingMin = -2.5;
const slowingMax = 4;

/**
 * Log likelihood ratio of slowing down after the first passing and speeding up before the second
 * against two people who just walk on.
 */
function slowing(earlier: PathCandidate, path: PathCandidate): number {
  const after = Math.log((earlier.leaveSeconds + 0.03) / (earlier.approachSeconds + 0.03));
  const before = Math.log((path.approachSeconds + 0.03) / (path.leaveSeconds + 0.03));
  const both = after + before;
  if (Number.isNaN(both)) return 0;
  const turned = (both - turnedMean) / turnedDeviation;
  const steady = both / steadyDeviation;
  const ratio = Math.log(steadyDeviation / turnedDeviation) + 0.5 * (steady * steady - turned * turned);
  return Math.min(slowingMax, Math.max(slowingMin, ratio));
}
