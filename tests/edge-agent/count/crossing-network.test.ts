import { describe, expect, test } from 'vitest';
import { CrossingNetwork, stepSeconds } from '../../../edge-agent/count/crossing-network.ts';
import { crossingNetworkWeights } from '../../../edge-agent/count/crossing-network-weights.ts';
import { newCurrentReading, readingAt, readingHeight } from '../../../edge-agent/count/current-reading.ts';
import { HeightTrace } from '../../../edge-agent/count/height-trace.ts';

const steps = 50;
const lastSeconds = (steps - 1) * stepSeconds;

/** A body as tall as `heightMm` that one side sees around `middleSeconds`, read on the network's steps. */
function body(middleSeconds: number, heightMm: number): HeightTrace {
  const trace = new HeightTrace();
  const reading = newCurrentReading();
  for (let step = 0; step < steps; step++) {
    const away = (step * stepSeconds - middleSeconds) / 0.16;
    reading[readingAt] = step * stepSeconds;
    reading[readingHeight] = heightMm * Math.exp(-0.5 * away * away);
    trace.push(reading);
  }
  return trace;
}

function judge(outside: HeightTrace, inside: HeightTrace) {
  const network = new CrossingNetwork(crossingNetworkWeights, 2500);
  network.run(outside, inside, 0, steps);
  return { in: network.expectedIn.slice(0, steps), out: network.expectedOut.slice(0, steps) };
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

describe('the crossing network', () => {
  const outside = body(0.8, 1650);
  const inside = body(0.95, 1700);

  test('expects one person inwards who is seen outside first', () => {
    const seen = judge(outside, inside);
    expect(sum(seen.in)).toBeGreaterThan(0.8);
    expect(sum(seen.in)).toBeLessThan(1.2);
    expect(sum(seen.out)).toBeLessThan(0.1);
  });

  test('exchanges in and out, to the last digit, when the sides are exchanged', () => {
    const seen = judge(outside, inside);
    const exchanged = judge(inside, outside);
    expect(exchanged.in).toEqual(seen.out);
    expect(exchanged.out).toEqual(seen.in);
  });

  test('exchanges in and out when time runs backwards', () => {
    const seen = judge(outside, inside);
    const backwards = judge(body(lastSeconds - 0.8, 1650), body(lastSeconds - 0.95, 1700));
    for (let step = 0; step < steps; step++) {
      expect(backwards.out[step]).toBeCloseTo(seen.in[steps - 1 - step]!, 4);
      expect(backwards.in[step]).toBeCloseTo(seen.out[steps - 1 - step]!, 4);
    }
  });

  test('knows in the second half of a run what the first half showed', () => {
    const network = new CrossingNetwork(crossingNetworkWeights, 2500);
    network.run(outside, inside, 0, steps);
    const whole = network.expectedIn.slice(0, steps);
    network.carry(20);
    network.run(outside, inside, 20 * stepSeconds, steps - 20);
    for (let step = 20; step < steps; step++)
      expect(network.expectedIn[step - 20]).toBeCloseTo(whole[step]!, 6);
  });

  test('refuses weights of another size', () => {
    const values = crossingNetworkWeights.values.slice(1);
    expect(() => new CrossingNetwork({ ...crossingNetworkWeights, values }, 2500)).toThrow(RangeError);
  });
});
