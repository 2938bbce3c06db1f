import { describe, expect, test } from 'vitest';
import type { LineFindings } from '../../../gateway/contract/measures.ts';
import { localClock } from '../../../gateway/values/local-time.ts';
import { SeededRandom } from '../../../hardware/emulated/walks/seeded-random.ts';
import { openMeasureBed, type Told, usualEntrances, weeks, zone } from './measure-bed.ts';

const week = 'from=2026-03-16T00:00:00%2B01:00&to=2026-03-23T00:00:00%2B01:00';

async function findingsOf(tell: Told, query = week): Promise<LineFindings> {
  const bed = await openMeasureBed(tell);
  try {
    const answer = await bed.app.inject(`/v1/lines/shop-door/findings?${query}`);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json() as LineFindings;
  } finally {
    await bed.close();
  }
}

/** A usual week with the scatter of a count, told the same way every time. */
function scattered(seed: number, change: (atMs: number, week: number) => number): Told {
  const random = new SeededRandom(seed);
  return (atMs, week) => {
    const mean = usualEntrances(atMs) * change(atMs, week);
    return { in: Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal())), out: 0 };
  };
}

const plain = (text: string) => text.replaceAll(/\u00a0|\u202f|\u2009/g, ' ');

describe('findings', () => {
  test('name an afternoon with a third more entrances, in both languages, with its error', async () => {
    const told = scattered(1, (atMs, at) => {
      const { weekday, minuteOfDay } = localClock(atMs, zone);
      return at === weeks - 1 && weekday === 6 && minuteOfDay >= 840 && minuteOfDay < 960 ? 1.6 : 1;
    });
    const { findings, value } = await findingsOf(told);
    expect(value).toBe('corrected');
    const [found, ...others] = findings.filter(({ rule }) => rule === 'unusual-hours');
    expect(others).toEqual([]);
    expect(plain(found!.text.de)).toMatch(
      /^Samstag 14–16 Uhr: \d\d % mehr Eintritte als üblich \(± \d(,\d)? %\)$/,
    );
    expect(plain(found!.text.en)).toMatch(
      /^Saturday 14:00–16:00: \d\d% more entrances than usual \(± \d(\.\d)?%\)$/,
    );
    expect(found).toMatchObject({ from: '2026-03-21T13:00:00Z', to: '2026-03-21T15:00:00Z' });
    const [low, high] = found!.change!.interval95 as [number, number];
    expect(low).toBeLessThan(60);
    expect(high).toBeGreaterThan(45);
    expect(found!.threshold.de).toContain('mindestens 20 Personen');
  });

  test('say a whole day once, and not hour by hour', async () => {
    const told = scattered(2, (atMs, at) =>
      at === weeks - 1 && localClock(atMs, zone).weekday === 3 ? 0.5 : 1,
    );
    const { findings } = await findingsOf(told);
    const [day] = findings;
    expect(day!.rule).toBe('unusual-day');
    expect(plain(day!.text.de)).toMatch(/^Mittwoch: \d\d % weniger Eintritte als üblich/);
    expect(plain(day!.text.en)).toMatch(/^Wednesday: \d\d% fewer entrances than usual/);
    expect(findings.filter(({ rule }) => rule === 'unusual-hours')).toEqual([]);
  });

  test('say the range, the strongest day and hour, and a week’s change', async () => {
    const { findings } = await findingsOf(scattered(3, (_, at) => (at === weeks - 1 ? 1.3 : 1)));
    const text = (rule: string) => plain(findings.find((finding) => finding.rule === rule)?.text.de ?? '');
    expect(text('against-last-week')).toMatch(
      /^16\.–22\. März 2026: \d\d % mehr Eintritte als eine Woche zuvor \(± \d(,\d)? %\)$/,
    );
    expect(text('busiest-day')).toMatch(
      /^Stärkster Tag: Samstag, 21\. März, mit \d{3} Eintritten \(± \d+\)$/,
    );
    expect(text('peak-hour')).toMatch(/^Spitzenstunde: 16–17 Uhr, im Mittel \d\d Eintritte \(± \d+\)$/);
  });

  test('say how little was looked at, and nothing about it that cannot be known', async () => {
    const told: Told = (atMs, at) =>
      at === weeks - 1 && localClock(atMs, zone).weekday > 2 ? null : { in: 50, out: 0 };
    const { findings } = await findingsOf(told);
    const little = findings.find(({ rule }) => rule === 'little-looked');
    expect(plain(little!.text.en)).toMatch(/^16 ?– ?22 March 2026: only 28% of the time was looked at$/);
    expect(findings.map(({ rule }) => rule)).not.toContain('busiest-day');
  });

  test('are of whole days, at most two months, and of people', async () => {
    const bed = await openMeasureBed();
    try {
      const codes = await Promise.all(
        [
          '/v1/lines/shop-door/findings?from=2026-03-16T08:00:00Z&to=2026-03-17T08:00:00Z',
          '/v1/lines/shop-door/findings?from=2025-01-01T00:00:00%2B01:00&to=2026-01-01T00:00:00%2B01:00',
          `/v1/lines/shop-wifi/findings?${week}`,
        ].map(async (path) => ((await bed.app.inject(path)).json() as { type: string }).type),
      );
      expect(codes).toEqual([
        '/problems/range-unaligned',
        '/problems/range-too-long',
        '/problems/not-a-count',
      ]);
    } finally {
      await bed.close();
    }
  });
});
