import type { Direction } from './counter.ts';
import type { FindingQueue } from './finding-queue.ts';
import type { PathCandidate } from './path-candidate.ts';

/** Who turns round past the line is back within five seconds (counting.md); a path waits so long. */
export const turnSecondsMax = 5.2;

/** A pusher follows the low front of pram, trolley or case within so long. */
const pusherSeconds = 1.35;

/** An object is at least so much lower than whoever pushes it: a child of school age is not. */
const pusherTallerMm = 300;

/** The same head on its way back reads the same within noise and stoop. */
const sameHeadMm = 90;

/** More waiting paths than a crowd makes in five seconds; older ones are settled at once. */
const pendingMax = 64;

/** Keeps paths until their neighbours have been heard, then settles them. */
export class PathLedger {
  readonly live = { in: 0, out: 0 };
  readonly #findings: FindingQueue;
  readonly #pending: PathCandidate[] = [];

  constructor(findings: FindingQueue) {
    this.#findings = findings;
  }

  get isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  add(path: PathCandidate): void {
    if (path.direction !== null) this.live[path.direction] += 1;
    this.#pending.push(path);
    this.#hear(path);
    if (this.#pending.length > pendingMax) this.#settle(this.#pending.shift()!);
  }

  settleBefore(atSeconds: number): void {
    while (this.#pending.length > 0 && this.#pending[0]!.atSeconds < atSeconds) {
      this.#settle(this.#pending.shift()!);
    }
  }

  /** Lets a new path change what was thought of those before it. */
  #hear(path: PathCandidate): void {
    if (path.direction === null) return;
    for (let index = this.#pending.length - 2; index >= 0; index--) {
      const earlier = this.#pending[index]!;
      if (path.atSeconds - earlier.atSeconds > turnSecondsMax) break;
      if (earlier.direction === null) continue;
      if (earlier.direction === path.direction) this.#hearPusher(earlier, path);
      else if (path.stretch === earlier.stretch && Math.abs(earlier.heightMm - path.heightMm) < sameHeadMm) {
        this.#reject(earlier, 'turned-back');
        this.#drop(path);
        return;
      }
    }
  }

  #hearPusher(earlier: PathCandidate, path: PathCandidate): void {
    if (Math.abs(path.atSeconds - earlier.atSeconds) > pusherSeconds) return;
    if (earlier.heightMm < path.heightMm - pusherTallerMm) this.#reject(earlier, 'object');
    else if (path.heightMm < earlier.heightMm - pusherTallerMm) this.#reject(path, 'object');
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

  #settle(path: PathCandidate): void {
    const { atSeconds, direction, confidence } = path;
    if (direction === null) {
      this.#findings.rejection({ atSeconds, reason: path.reason ?? 'turned-back' });
      return;
    }
    this.#findings.crossing({ atSeconds, direction, confidence });
    const variance = confidence * (1 - confidence);
    this.#findings.doubt({
      atSeconds,
      varianceIn: direction === 'in' ? variance : 0,
      varianceOut: direction === 'out' ? variance : 0,
    });
  }
}
