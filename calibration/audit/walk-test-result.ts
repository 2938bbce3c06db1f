import type { Outcome } from './align-taps.ts';
import { type CorrectionFactor, correctionFactor } from './correction-factor.ts';
import { provenShare } from './exact-bound.ts';
import { type PassageKind, passageKindNames } from './passage-tap.ts';
import { wilsonInterval } from './wilson-interval.ts';

/** A share with its Wilson 95 % interval and what it proves. */
export interface ProvenShare {
  readonly successes: number;
  readonly trials: number;
  readonly share: number | null;
  readonly interval95: readonly [number, number];
  /** Exact lower bound, rounded down to whole per cent: what may be claimed. */
  readonly claimPercent: number;
}

/** One row of the result: what became of the passages of one kind. */
export interface KindResult {
  readonly kind: PassageKind;
  /** Taps of this kind. */
  readonly passages: number;
  readonly people: number;
  readonly counted: number;
  readonly missed: number;
  readonly wrongDirection: number;
  readonly doubles: number;
  /** Counts of passages in which nobody crossed. */
  readonly countedNobody: number;
  readonly recall: ProvenShare;
}

export interface WalkTestResult {
  readonly lagSeconds: number;
  readonly kinds: readonly KindResult[];
  /** Counts with nobody near them at all. */
  readonly invented: number;
  readonly recall: ProvenShare;
  readonly precision: ProvenShare;
  readonly factors: { readonly in: CorrectionFactor | null; readonly out: CorrectionFactor | null };
}

/** What a test found, by kind of passage and in all. `lagSeconds` is how late the observer taps. */
export function walkTestResult(outcomes: readonly Outcome[], lagSeconds: number): WalkTestResult {
  const kinds = passageKindNames.flatMap((kind) => {
    const own = outcomes.filter((outcome) => outcome.kind !== 'invented' && outcome.tap.kind === kind);
    return own.length === 0 ? [] : [kindResult(kind, own)];
  });
  const sum = (field: 'people' | 'counted' | 'wrongDirection' | 'doubles' | 'countedNobody') =>
    kinds.reduce((total, row) => total + row[field], 0);
  const invented = outcomes.filter(({ kind }) => kind === 'invented').length;
  const crossings = sum('counted') + sum('wrongDirection') + sum('doubles') + sum('countedNobody') + invented;
  return {
    lagSeconds,
    kinds,
    invented,
    recall: provenShareOf(sum('counted'), sum('people')),
    precision: provenShareOf(sum('counted'), crossings),
    factors: { in: correctionFactor(outcomes, 'in'), out: correctionFactor(outcomes, 'out') },
  };
}

function kindResult(kind: PassageKind, outcomes: readonly Outcome[]): KindResult {
  const number = (name: Outcome['kind']) => outcomes.filter((outcome) => outcome.kind === name).length;
  const taps = new Set(outcomes.flatMap((outcome) => (outcome.kind === 'invented' ? [] : [outcome.tap.id])));
  const [counted, missed, wrongDirection] = [number('counted'), number('missed'), number('wrong-direction')];
  const people = counted + missed + wrongDirection;
  return {
    kind,
    passages: taps.size,
    people,
    counted,
    missed,
    wrongDirection,
    doubles: number('double'),
    countedNobody: number('counted-nobody'),
    recall: provenShareOf(counted, people),
  };
}

export function provenShareOf(successes: number, trials: number): ProvenShare {
  return {
    successes,
    trials,
    share: trials === 0 ? null : successes / trials,
    interval95: wilsonInterval(successes, trials),
    // The millionth keeps a bound that is a whole per cent from being rounded away.
    claimPercent: Math.floor(provenShare(successes, trials) * 100 + 1e-6),
  };
}
