import type { ProbeChunk } from '../../hardware/sensor.ts';
import { type ProvenShare, provenShareOf } from '../audit/walk-test-result.ts';

/** Signals are whole dBm from here to 0; weaker than the noise of any receiver there is nothing. */
const weakestDbm = -120;
/** A telephone probes in bursts of a few frames on a channel; they are one look at its strength. */
const burstSeconds = 0.25;
const burstDbm = 6;
/** Fewer bursts of a side say nothing about its weakest tenth. */
export const burstsMin = 30;
/** More than a tenth on the wrong side: the two sides overlap, and no threshold parts them. */
export const rightShareMin = 0.9;

/** Strengths of bursts heard in one phase. No address is asked for, and no frame is kept. */
export class SignalTally {
  readonly counts = new Float64Array(1 - weakestDbm);
  seconds = 0;
  readonly #recent: { atSeconds: number; dbm: number }[] = [];
  #firstSeconds: number | null = null;

  take(chunk: ProbeChunk): void {
    this.#firstSeconds ??=
      chunk.length > 0 ? Math.min(chunk.atSeconds[0]!, chunk.progressSeconds) : chunk.progressSeconds;
    this.seconds = Math.max(this.seconds, chunk.progressSeconds - this.#firstSeconds);
    for (let at = 0; at < chunk.length; at++) this.#frame(chunk.atSeconds[at]!, chunk.signalDbm[at]!);
  }

  get bursts(): number {
    return sumFrom(this.counts, 0);
  }

  #frame(atSeconds: number, dbm: number): void {
    // 127: the capture carried no strength.
    if (dbm > 0 || dbm < weakestDbm) return;
    while (this.#recent.length > 0 && atSeconds - this.#recent[0]!.atSeconds > burstSeconds)
      this.#recent.shift();
    const isSameBurst = this.#recent.some((burst) => Math.abs(burst.dbm - dbm) <= burstDbm);
    this.#recent.push({ atSeconds, dbm });
    if (!isSameBurst) this.counts[dbm - weakestDbm]! += 1;
  }
}

export type RangeVerdict =
  | {
      readonly kind: 'found';
      readonly minimumSignalDbm: number;
      /** Bursts of the near side that are kept, and of the far side that are left out. */
      readonly nearKept: ProvenShare;
      readonly farLeftOut: ProvenShare;
    }
  | { readonly kind: 'refused'; readonly reason: 'too-few-near' | 'too-few-far'; readonly bursts: number }
  | {
      readonly kind: 'refused';
      readonly reason: 'overlap';
      readonly minimumSignalDbm: number;
      readonly nearKept: ProvenShare;
      readonly farLeftOut: ProvenShare;
    };

/**
 * The threshold that parts the near side from the far one best: at which the worse of the two shares is
 * highest. What others' telephones send anyway, heard in `background`, is taken off by its rate.
 */
export function judgeRange(
  near: SignalTally,
  far: SignalTally,
  background: SignalTally | null,
): RangeVerdict {
  const own = [near, far].map((phase) => withoutBackground(phase, background));
  const [nearCounts, farCounts] = [own[0]!, own[1]!];
  const [nearBursts, farBursts] = [sumFrom(nearCounts, 0), sumFrom(farCounts, 0)];
  if (nearBursts < burstsMin) return { kind: 'refused', reason: 'too-few-near', bursts: nearBursts };
  if (farBursts < burstsMin) return { kind: 'refused', reason: 'too-few-far', bursts: farBursts };
  const shares = Array.from({ length: nearCounts.length }, (_, at) =>
    Math.min(sumFrom(nearCounts, at) / nearBursts, 1 - sumFrom(farCounts, at) / farBursts),
  );
  const best = Math.max(...shares);
  // In the middle of a gap: neither side changes within it.
  const [first, last] = [shares.indexOf(best), shares.lastIndexOf(best)];
  const at = Math.round((first + last) / 2);
  const found = {
    minimumSignalDbm: at + weakestDbm,
    nearKept: provenShareOf(sumFrom(nearCounts, at), nearBursts),
    farLeftOut: provenShareOf(farBursts - sumFrom(farCounts, at), farBursts),
  };
  return best < rightShareMin
    ? { kind: 'refused', reason: 'overlap', ...found }
    : { kind: 'found', ...found };
}

function withoutBackground(phase: SignalTally, background: SignalTally | null): Float64Array {
  if (background === null || background.seconds <= 0) return phase.counts;
  const ratio = phase.seconds / background.seconds;
  return phase.counts.map((count, at) => Math.max(0, Math.round(count - ratio * background.counts[at]!)));
}

function sumFrom(counts: Float64Array, from: number): number {
  let sum = 0;
  for (let at = from; at < counts.length; at++) sum += counts[at]!;
  return sum;
}
