import type { RejectionReason } from '../../gateway/contract/count-batch.ts';
import type { FindingQueue } from './finding-queue.ts';
import { blockedSeconds } from './sensor-watch.ts';

/** A sight that has not been renewed for so long is over. */
const apartSeconds = 0.3;

/** More separate sights than come together within a minute; the oldest are told first. */
const sightsMax = 64;

/** A crossing this near to a sight is what was seen. */
const nearSeconds = 0.3;

/** Cases, dogs and trolleys stay below; a child of school age and a wheelchair user do not. */
const objectMm = 850;

/** Longer than anybody walks through. */
const standingSeconds = 2.2;

/** Two readings: fewer are noise and no sight at all. */
const readingsMin = 2;

/** Three readings at the slowest rate; whoever was seen for less came no nearer than the edge. */
const shortSeconds = 0.12;

interface Sight {
  fromSeconds: number;
  toSeconds: number;
  heightMm: number;
  readings: number;
  hasPassed: boolean;
}

/** Remembers what was in sight, so that whatever is not counted is rejected with a reason. */
export class SightLog {
  readonly #sights: Sight[] = Array.from({ length: sightsMax }, () => ({
    fromSeconds: 0,
    toSeconds: 0,
    heightMm: 0,
    readings: 0,
    hasPassed: false,
  }));
  #first = 0;
  #length = 0;

  /** Something stood out from the floor. */
  see(atSeconds: number, heightMm: number): void {
    let sight = this.#length > 0 ? this.#at(this.#length - 1) : null;
    if (sight === null || atSeconds - sight.toSeconds > apartSeconds) {
      if (this.#length === sightsMax) this.#forgetFirst();
      sight = this.#at(this.#length++);
      sight.fromSeconds = atSeconds;
      sight.heightMm = 0;
      sight.readings = 0;
      sight.hasPassed = false;
    }
    sight.toSeconds = atSeconds;
    sight.readings += 1;
    if (heightMm > sight.heightMm) sight.heightMm = heightMm;
  }

  /** Somebody was counted at a time: what was in sight then is no rejected path. */
  pass(atSeconds: number): void {
    for (let index = 0; index < this.#length; index++) {
      const sight = this.#at(index);
      if (atSeconds > sight.fromSeconds - nearSeconds && atSeconds < sight.toSeconds + nearSeconds) {
        sight.hasPassed = true;
      }
    }
  }

  /** Forgets all sights. */
  drop(): void {
    this.#length = 0;
  }

  /** Rejects the sights that ended before `untilSeconds` without anybody passing. */
  settle(untilSeconds: number, findings: FindingQueue): void {
    while (this.#length > 0) {
      const sight = this.#at(0);
      if (sight.toSeconds + apartSeconds > untilSeconds) return;
      if (!sight.hasPassed && sight.readings >= readingsMin) {
        findings.rejection({ atSeconds: sight.toSeconds, reason: reasonOf(sight) });
      }
      this.#forgetFirst();
    }
  }

  #at(index: number): Sight {
    return this.#sights[(this.#first + index) % sightsMax]!;
  }

  #forgetFirst(): void {
    this.#first = (this.#first + 1) % sightsMax;
    this.#length -= 1;
  }
}

function reasonOf(sight: Sight): RejectionReason {
  const duration = sight.toSeconds - sight.fromSeconds;
  if (duration < shortSeconds) return 'too-short';
  if (sight.heightMm < objectMm) return 'object';
  if (duration > blockedSeconds) return 'blocked';
  return duration > standingSeconds ? 'lingered' : 'turned-back';
}
