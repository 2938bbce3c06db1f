import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventEffectAnswer } from '../../../gateway/contract/effects.ts';
import { localClock } from '../../../gateway/values/local-time.ts';
import { SeededRandom } from '../../../hardware/emulated/walks/seeded-random.ts';
import type { ApiBed } from './api-bed.ts';
import { openMeasureBed, usualEntrances, weeks, zone } from './measure-bed.ts';

const event = {
  site: 'shop',
  kind: 'market-day',
  name: 'Frühlingsmarkt',
  from: '2026-03-21T13:00:00Z',
  until: '2026-03-21T15:00:00Z',
};

let bed: ApiBed;
beforeAll(async () => {
  const random = new SeededRandom(21);
  bed = await openMeasureBed((atMs, week) => {
    const { weekday, minuteOfDay } = localClock(atMs, zone);
    const isMarket = week === weeks - 1 && weekday === 6 && minuteOfDay >= 840 && minuteOfDay < 960;
    const mean = usualEntrances(atMs) * (isMarket ? 1.7 : 1);
    return { in: Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal())), out: 0 };
  });
  await bed.store.put([{ kind: 'event', id: 'market', body: event }], bed.clock.nowMs);
});
afterAll(() => bed.close());

const ask = async (line: string, query: string) => {
  const answer = await bed.app.inject(`/v1/lines/${line}/effect?${query}`);
  return { status: answer.statusCode, body: answer.json() as EventEffectAnswer & { type: string } };
};

describe('the effect of an event over HTTP', () => {
  test('is found with its interval, hour by hour, and the untouched street shows none', async () => {
    const { status, body } = await ask('shop-door', 'event=market');
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({
      model: 'rolling-ridge/1',
      event: 'market',
      value: 'corrected',
      unusual: true,
    });
    const [low, high] = body.effectPercent.interval95 as [number, number];
    expect(low).toBeGreaterThan(20);
    expect(high).toBeGreaterThan(70);
    expect(low).toBeLessThan(70);
    expect(body.observed!.value - body.expected.value).toBeCloseTo(body.effectPeople.value, 3);
    expect(body.placebo.pValue).toBeLessThan(0.05);
    expect(body.placebo.controls).toMatchObject([{ line: 'street', unusual: false }]);
    expect(body.learnedFrom).toMatchObject({ controls: ['street'], weather: false, schoolHolidays: false });
    expect(body.course.map(({ start }) => start)).toEqual(['2026-03-21T13:00:00Z', '2026-03-21T14:00:00Z']);
    const course = body.course.reduce((sum, { expected }) => sum + expected!, 0);
    expect(course).toBeCloseTo(body.expected.value, 2);
  });

  test('can be asked for any time, and is none on a usual Saturday', async () => {
    const { body } = await ask(
      'shop-door',
      'from=2026-03-14T13:00:00Z&to=2026-03-14T15:00:00Z&controls=none',
    );
    expect(body).toMatchObject({ event: null, unusual: false, placebo: { controls: [] } });
  });

  test('of several days takes them as a whole', async () => {
    const { body } = await ask('shop-door', 'from=2026-03-20T13:00:00Z&to=2026-03-21T15:00:00Z');
    expect(body).toMatchObject({ from: '2026-03-19T23:00:00Z', to: '2026-03-21T23:00:00Z' });
    expect(body.course).toHaveLength(48);
  });

  test.each([
    ['an event nobody has entered', 'shop-door', 'event=fair', 404, 'not-found'],
    ['an event of another site that is not shared', 'street', 'event=market', 404, 'not-found'],
    [
      'too little history',
      'shop-door',
      'from=2026-01-15T13:00:00Z&to=2026-01-15T15:00:00Z',
      400,
      'measure-not-possible',
    ],
    [
      'a night without anybody',
      'shop-door',
      'from=2026-03-20T01:00:00Z&to=2026-03-20T02:00:00Z',
      400,
      'measure-not-possible',
    ],
    ['a season', 'shop-door', 'from=2026-01-15T13:00:00Z&to=2026-03-15T15:00:00Z', 400, 'range-too-long'],
    [
      'a range that ends before it begins',
      'shop-door',
      'from=2026-03-15T13:00:00Z&to=2026-03-14T15:00:00Z',
      400,
      'range-reversed',
    ],
    ['no time at all', 'shop-door', '', 400, 'invalid-request'],
    ['a control that is not there', 'shop-door', 'event=market&controls=moon', 404, 'not-found'],
  ])('%s is a problem that says why', async (_, line, query, status, code) => {
    expect(await ask(line, query)).toMatchObject({ status, body: { type: `/problems/${code}` } });
  });
});
