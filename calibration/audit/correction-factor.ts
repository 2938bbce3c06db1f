import type { Direction } from '../../edge-agent/count/counter.ts';
import type { Outcome } from './align-taps.ts';

/** People per person counted, with its standard error, as the gateway's calibrations take it. */
export interface CorrectionFactor {
  readonly factor: number;
  readonly standardError: number;
  readonly people: number;
  readonly counted: number;
}

/**
 * An observer forgets, or taps once too often, at most this share of the passages; both are taken for
 * uniform between none and this. What they add to the scatter is in the residuals already; the bias
 * that does not cancel has the variance of the difference of two such shares, share² / 6.
 */
const observerErrorShare = 0.01;

/** Half an error of each kind: a test without an error does not prove that there are none. */
const unseenErrors = 0.5;

/**
 * The ratio estimator: people ÷ counted, with its linearised variance Σ(people − F·counted)² ÷ counted²
 * (Cochran, Sampling Techniques, 6.4) over the taps as units, since the two of a pair are missed
 * together; then `unseenErrors`, and the observer. Null where nothing was counted. That its 95 %
 * interval holds is shown by tests/calibration/audit/correction-factor.test.ts.
 */
export function correctionFactor(
  outcomes: readonly Outcome[],
  direction: Direction,
): CorrectionFactor | null {
  const units = unitsOf(outcomes, direction);
  const people = units.reduce((sum, unit) => sum + unit.people, 0);
  const counted = units.reduce((sum, unit) => sum + unit.counted, 0);
  if (counted === 0 || people === 0) return null;
  const factor = people / counted;
  const residuals = units.reduce((sum, unit) => sum + (unit.people - factor * unit.counted) ** 2, 0);
  const sampling = (residuals + unseenErrors * (1 + factor ** 2)) / counted ** 2;
  const observer = (factor ** 2 * observerErrorShare ** 2) / 6;
  return { factor, standardError: Math.sqrt(sampling + observer), people, counted };
}

interface Unit {
  people: number;
  counted: number;
}

/** People and counts of one direction by tap; a count without a tap is a unit of its own. */
function unitsOf(outcomes: readonly Outcome[], direction: Direction): readonly Unit[] {
  const byTap = new Map<string, Unit>();
  const alone: Unit[] = [];
  for (const outcome of outcomes) {
    const counted = 'crossing' in outcome && outcome.crossing.direction === direction ? 1 : 0;
    if (outcome.kind === 'invented') {
      alone.push({ people: 0, counted });
      continue;
    }
    const unit = byTap.get(outcome.tap.id) ?? { people: 0, counted: 0 };
    const person =
      outcome.kind === 'counted' || outcome.kind === 'missed' || outcome.kind === 'wrong-direction';
    if (person && outcome.tap.direction === direction) unit.people += 1;
    unit.counted += counted;
    byTap.set(outcome.tap.id, unit);
  }
  return [...byTap.values(), ...alone];
}
