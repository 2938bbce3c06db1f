import { type AccountedRange, dispositionOf, type EpochAccount, enterRange, throughOf } from './account.ts';
import {
  type AdmittedBatch,
  type AdmittedInterval,
  BatchLimitError,
  type CommitOutcome,
  rangesPerEpochMax,
} from './count-store.ts';

/**
 * What the store has at the place of an interval, which is its sensor and start: the hash of the
 * row, `packed` where old days keep none, or null where there is no row of this sequence.
 */
export type FoundRow = bigint | 'packed' | null;

/**
 * Whether the store has the very interval: under its `own` key but at another time, because a card
 * put back worked out another start for it, or under `another` key.
 */
export type Twin = 'own' | 'another' | null;

/** What the store alone can tell is `overlapping`. */
type SettledOutcome = Omit<CommitOutcome, 'overlapping'>;

export interface Settlement {
  /** To be written as rows and added to the roll-ups. */
  readonly stored: readonly AdmittedInterval[];
  /** To be set aside: their sequence is taken by other contents. */
  readonly reused: readonly AdmittedInterval[];
  readonly outcome: SettledOutcome;
}

/** What a store looks up while a batch is settled. */
export interface BatchPlaces {
  find(admitted: AdmittedInterval): FoundRow;
  /** Asked for intervals that tell their origin, where `find` has not the same contents. */
  twin(admitted: AdmittedInterval): Twin;
  /** Whether minutes at this time have been deleted by retention, so that no row proves nothing. */
  isDeleted(startMs: number): boolean;
}

/**
 * Decides the fate of each interval of a batch and the account after it. Pure but for `places`.
 * A sequence that is accounted for and has no row was refused before, or stored and deleted by
 * retention since (a duplicate), or stood at another place (reused). Throws a `BatchLimitError` where
 * the account would have more ranges than it may.
 */
export function settleBatch(batch: AdmittedBatch, before: EpochAccount, places: BatchPlaces): Settlement {
  let { ranges, reused: reusedRanges } = before;
  const stored = new Map<number, AdmittedInterval>();
  const reused: AdmittedInterval[] = [];
  let [duplicates, repeated] = [0, 0];
  for (const admitted of batch.intervals) {
    const { sequence } = admitted.interval;
    const fate = fateOf(admitted, stored.get(sequence), { ranges, places });
    if (fate === 'stored') {
      stored.set(sequence, admitted);
      ranges = enterRange(ranges, rangeOfOne(sequence, 'stored'));
    } else if (fate === 'reused') {
      reused.push(admitted);
      reusedRanges = enterRange(reusedRanges, rangeOfOne(sequence, 'sequence-reused'));
    } else if (fate === 'repeated') {
      repeated += 1;
      ranges = enterRange(ranges, rangeOfOne(sequence, 'repeated'));
    } else duplicates += 1;
  }
  for (const refused of batch.refused) ranges = enterRange(ranges, refused);
  if (batch.oldestHeld > 1) {
    ranges = enterRange(ranges, { from: 1, to: batch.oldestHeld - 1, disposition: 'gone' });
  }
  if (ranges.length + reusedRanges.length > rangesPerEpochMax) {
    throw new BatchLimitError(`more than ${rangesPerEpochMax} ranges in one epoch`);
  }
  const account = {
    ...before,
    ranges,
    reused: reusedRanges,
    through: throughOf(ranges, before.through),
    sent: Math.max(before.sent, ranges.at(-1)?.to ?? 0),
  };
  const outcome = { account, stored: stored.size, duplicates, reused: reused.length, repeated };
  return { stored: [...stored.values()], reused, outcome };
}

function fateOf(
  admitted: AdmittedInterval,
  sameBatch: AdmittedInterval | undefined,
  known: { ranges: readonly AccountedRange[]; places: BatchPlaces },
): 'stored' | 'duplicate' | 'reused' | 'repeated' {
  if (sameBatch) return sameBatch.hash === admitted.hash ? 'duplicate' : 'reused';
  const found = known.places.find(admitted);
  if (found === 'packed' || found === admitted.hash) return 'duplicate';
  const twin = admitted.interval.origin === undefined ? null : known.places.twin(admitted);
  if (twin === 'own') return 'duplicate';
  if (found !== null) return 'reused';
  const disposition = dispositionOf(known.ranges, admitted.interval.sequence);
  if (twin === 'another' && (disposition === null || disposition === 'gone')) return 'repeated';
  if (disposition === null || disposition === 'gone') return 'stored';
  if (disposition !== 'stored') return 'duplicate';
  return known.places.isDeleted(Date.parse(admitted.interval.start)) ? 'duplicate' : 'reused';
}

function rangeOfOne(sequence: number, disposition: AccountedRange['disposition']): AccountedRange {
  return { from: sequence, to: sequence, disposition };
}
