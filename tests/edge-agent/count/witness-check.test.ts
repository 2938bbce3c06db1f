import { expect, test } from 'vitest';
import type { FlagSpan } from '../../../edge-agent/count/counter.ts';
import { WitnessCheck } from '../../../edge-agent/count/witness-check.ts';

function watched(): { check: WitnessCheck; spans: FlagSpan[] } {
  const spans: FlagSpan[] = [];
  return { check: new WitnessCheck((span) => spans.push(span)), spans };
}

test('a detector that misses one walker in four is no disagreement', () => {
  const { check, spans } = watched();
  for (let walker = 0; walker < 200; walker++) {
    if (walker % 4 !== 0) check.motion(walker * 30);
    check.path(walker * 30 + 1);
  }
  expect(spans).toEqual([]);
});

test('many crossings without any motion disagree until the next motion', () => {
  const { check, spans } = watched();
  check.motion(0);
  for (let walker = 1; walker <= 15; walker++) check.path(walker * 60);
  check.motion(1000);
  expect(spans).toEqual([
    { flag: 'witness-disagrees', fromSeconds: 60, toSeconds: null },
    { flag: 'witness-disagrees', fromSeconds: 60, toSeconds: 1000 },
  ]);
});

test('much motion without any path disagrees until a path is seen with it', () => {
  const { check, spans } = watched();
  check.path(0);
  for (let motion = 1; motion <= 25; motion++) check.motion(motion * 60);
  check.path(1560);
  check.motion(1561);
  expect(spans.map(({ toSeconds }) => toSeconds)).toEqual([null, 1561]);
  expect(spans[0]!.fromSeconds).toBe(60);
});
