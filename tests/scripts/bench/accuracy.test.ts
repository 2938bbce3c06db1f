import { expect, test } from 'vitest';
import { run } from '../../../scripts/bench/accuracy.ts';
import { accuracyMarkdown, accuracyText } from '../../../scripts/bench/accuracy-report.ts';

const rows = await run({ profiles: ['easy', 'tailgate'], heightsMm: [2480], seeds: [1], minutes: 8 });
const [easy, tailgate] = rows;

test('a row says how many crossed and bounds every share by its Wilson interval', () => {
  for (const row of rows) {
    expect(row.n).toBeGreaterThan(40);
    for (const score of [row.ours, row.threshold]) {
      expect(score.recall.of).toBe(row.n);
      for (const { share, wilson } of [score.recall, score.precision]) {
        expect(share).toBeGreaterThanOrEqual(wilson[0]);
        expect(share).toBeLessThanOrEqual(wilson[1]);
      }
      const counted = score.precision.of;
      expect(score.netError).toBeCloseTo((counted - row.n) / row.n, 9);
    }
  }
});

test('the published machine counts single walkers and merges those who follow closely', () => {
  expect(easy!.threshold.recall.share).toBeGreaterThan(0.95);
  expect(easy!.threshold.precision.share).toBeGreaterThan(0.97);
  expect(tailgate!.threshold.recall.share).toBeLessThan(0.7);
});

test('the same options give the same rows', async () => {
  expect(await run({ profiles: ['easy'], heightsMm: [2480], seeds: [1], minutes: 8 })).toEqual([easy]);
});

test('the report carries every profile, its command and its commit', () => {
  const provenance = {
    date: '2026-03-02',
    commit: 'abc',
    command: 'npm run bench:accuracy',
    engine: 'e/1',
    heightsMm: [2480],
    seeds: [1],
    minutes: 8,
    intervalMinutes: 5,
  };
  const markdown = accuracyMarkdown(rows, provenance);
  for (const word of ['easy', 'tailgate', 'npm run bench:accuracy', 'abc', 'e/1'])
    expect(markdown).toContain(word);
  expect(accuracyText(rows).split('\n')).toHaveLength(3);
});
