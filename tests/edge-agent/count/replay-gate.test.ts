import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { run as countPeopleInside } from '../../../scripts/evidence/people-inside.ts';
import { expectedFile, type GateScore, gateRecordings, gateScore } from './replay-gate.ts';

const expected = JSON.parse(readFileSync(expectedFile, 'utf8')) as Record<string, GateScore>;

test.each(gateRecordings())('%s is counted no worse than before', async (name) => {
  const before = expected[name];
  expect(before, `${name} in ${expectedFile}`).toBeDefined();
  const now = await gateScore(name);
  expect(now.found).toBeGreaterThanOrEqual(before!.found);
  expect(now.invented).toBeLessThanOrEqual(before!.invented);
});

test('at least 95 % of the real passages give exactly one crossing, by the people nobody looked at', async () => {
  const judged = (await countPeopleInside([0.02])).filter(({ people }) => people === 'judged');
  expect(judged).toHaveLength(1);
  expect(judged[0]!.passages).toBeGreaterThan(600);
  expect(judged[0]!.exactlyOne / judged[0]!.passages).toBeGreaterThanOrEqual(0.95);
});
