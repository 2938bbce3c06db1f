import { PanPrivateSketch } from '../../edge-agent/count/pan-private-sketch.ts';
import { estimateRadios } from '../../edge-agent/count/radio-estimate.ts';
import { seededRandomness } from '../../edge-agent/count/randomness.ts';

export interface EstimateTrial {
  readonly bits: number;
  readonly epsilon: number;
  readonly radios: number;
  readonly seeds: number;
}

export interface EstimateSummary extends EstimateTrial {
  readonly meanError: number;
  /** Of the mean error: a fair estimator is within two of these nearly always. */
  readonly meanErrorStandardError: number;
  readonly standardDeviation: number;
  readonly meanStandardError: number;
  /** Share of trials whose 95 % interval holds the truth. */
  readonly intervalCoverage: number;
  readonly saturatedShare: number;
  /** Share of saturated trials whose lower bound lies below the truth. */
  readonly lowerBoundHolds: number;
}

/** The true counts that the estimator is tried on, for `bits` bits. */
export function trialRadios(bits: number): readonly number[] {
  return [0, 1, 5, 20, 100, bits / 2, bits];
}

/** Runs the real sketch on so many radios, each heard twice, over and over with other seeds. */
export function simulateEstimates(trial: EstimateTrial): EstimateSummary {
  const { bits, epsilon, radios, seeds } = trial;
  const address = new Uint8Array(6);
  let sum = 0;
  let squares = 0;
  let standardErrors = 0;
  let covered = 0;
  let saturated = 0;
  let held = 0;
  for (let seed = 1; seed <= seeds; seed += 1) {
    const randomness = seededRandomness(seed * 7919 + radios * 104_729 + Math.round(epsilon * 17));
    const sketch = new PanPrivateSketch({ bits, epsilon, randomness });
    sketch.begin();
    for (let heard = 0; heard < 2 * radios; heard += 1) {
      const radio = heard % radios;
      address[4] = radio >>> 8;
      address[5] = radio & 0xff;
      sketch.arrive(address, 0);
    }
    const estimate = estimateRadios(sketch.setBits(), bits, epsilon);
    if (estimate.saturated) {
      saturated += 1;
      if (estimate.radios <= radios) held += 1;
    }
    const error = estimate.radios - radios;
    sum += error;
    squares += error ** 2;
    standardErrors += estimate.standardError;
    if (Math.abs(error) <= 1.96 * estimate.standardError) covered += 1;
  }
  const meanError = sum / seeds;
  const standardDeviation = Math.sqrt(squares / seeds - meanError ** 2);
  return {
    ...trial,
    meanError,
    meanErrorStandardError: standardDeviation / Math.sqrt(seeds),
    standardDeviation,
    meanStandardError: standardErrors / seeds,
    intervalCoverage: covered / seeds,
    saturatedShare: saturated / seeds,
    lowerBoundHolds: saturated === 0 ? 1 : held / saturated,
  };
}
