import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { protectionRuleOf } from '../../../gateway/contract/protection.ts';
import type { LineIndex, TownCalendar, TownProfile } from '../../../gateway/contract/towns.ts';
import { sealingCells } from '../../../gateway/values/sealing-calendar.ts';
import type { ApiBed } from './api-bed.ts';
import { bearer, giveKey } from './api-keys.ts';
import { openMeasureBed, usualEntrances, zone } from './measure-bed.ts';

/** Seven shops of one town; the first is the one that asks. */
const shops = Array.from({ length: 7 }, (_, at) => `shop-${at}`);
const month = 'from=2026-02-01T00:00:00%2B01:00&to=2026-03-01T00:00:00%2B01:00&resolution=1mo';
const february = {
  fromMs: Date.parse('2026-02-01T00:00:00+01:00'),
  toMs: Date.parse('2026-03-01T00:00:00+01:00'),
};

let bed: ApiBed;
const tokens: Record<string, string> = {};

async function seal(line: string, people: number): Promise<void> {
  const seals = sealingCells(february, protectionRuleOf(undefined), zone).map((cell) => ({
    ...cell,
    line,
    in: people,
    out: people,
    coverageTenths: 10,
    epsilon: 1,
    late: false,
    sealedMs: 1,
  }));
  await bed.store.commitSeals({ seals, settled: [], late: [] }, () => {});
}

beforeAll(async () => {
  bed = await openMeasureBed();
  const { sites, lines, assignments } = await bed.store.readDirectory();
  await bed.store.applySetup({
    sites: [...sites, ...shops.map((id) => ({ ...sites[0]!, id, name: id, organisation: id }))],
    lines: [
      ...lines.map((line) =>
        line.id === 'shop-door' ? { ...line, id: 'shop-0-door', site: 'shop-0' } : line,
      ),
      ...shops.slice(1).map((site) => ({
        id: `${site}-door`,
        site,
        name: site,
        role: 'entrance' as const,
        kind: 'crossing' as const,
      })),
    ],
    assignments: assignments.map((one) => (one.line === 'shop-door' ? { ...one, line: 'shop-0-door' } : one)),
  });
  for (const site of shops) {
    tokens[site] = await giveKey(bed, 'trader', { sites: [site] });
    if (site !== 'shop-0') await seal(`${site}-door`, 20);
  }
  await seal('shop-0-door', 999);
});
afterAll(() => bed.close());

const ask = async (line: string, query: string, as = 'shop-0') => {
  bed.clock.nowMs += 1_000;
  const answer = await bed.app.inject({
    url: `/v1/lines/${line}/index?${query}`,
    headers: bearer(tokens[as]!),
  });
  return { status: answer.statusCode, body: answer.json() as LineIndex & { type: string; detail: string } };
};

describe('the index of a line', () => {
  test('is its own people as counted against the mean of the group, the others as sealed', async () => {
    const { status, body } = await ask('shop-0-door', month);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({ members: 7, rules: { membersMin: 5, shareMax: 0.4 } });
    const cells = sealingCells(february, protectionRuleOf(undefined), zone).length;
    let own = 0;
    for (let atMs = february.fromMs; atMs < february.toMs; atMs += 3_600_000) own += usualEntrances(atMs);
    const mean = (own + 6 * 20 * cells) / 7;
    expect(body.total!.value).toBeCloseTo((100 * own) / mean, 2);
    expect(body.cells).toHaveLength(1);
    const [low, high] = body.total!.interval95 as [number, number];
    expect(low).toBeLessThan(body.total!.value);
    expect(high).toBeGreaterThan(body.total!.value);
  });

  test('keeps its members for the year: a shop that opens changes nobody’s index', async () => {
    const before = await ask('shop-0-door', month);
    const directory = await bed.store.readDirectory();
    const site = { ...directory.sites[0]!, id: 'shop-new', name: 'new', organisation: 'new' };
    const line = {
      id: 'shop-new-door',
      site: 'shop-new',
      name: 'new',
      role: 'entrance' as const,
      kind: 'crossing' as const,
    };
    await bed.store.applySetup({
      ...directory,
      sites: [...directory.sites, site],
      lines: [...directory.lines, line],
    });
    await seal('shop-new-door', 100);
    expect((await ask('shop-0-door', month)).body).toEqual(before.body);
    tokens['shop-new'] = await giveKey(bed, 'trader', { sites: ['shop-new'] });
    const joined = await ask('shop-new-door', month, 'shop-new');
    expect(joined).toMatchObject({ status: 400, body: { type: '/problems/measure-not-possible' } });
    expect(joined.body.detail).toContain('joins it next year');
  });

  test.each([
    ['too few', ['shop-0-door', 'shop-1-door', 'shop-2-door'], /needs 5 members/],
    [
      'one line fewer than the town',
      [0, 1, 2, 3, 4, 5].map((at) => `shop-${at}-door`),
      /difference to a group/,
    ],
  ])('is refused for a group of %s', async (_, lines, detail) => {
    await bed.store.put([{ kind: 'peer-group', id: 'peers', body: { lines } }], bed.clock.nowMs);
    const refused = await ask('shop-0-door', `${month}&group=peers`);
    expect(refused).toMatchObject({ status: 409, body: { type: '/problems/would-disclose' } });
    expect(refused.body.detail).toMatch(detail);
  });

  test('is null where a member has nothing sealed, and asked within one year', async () => {
    const march = 'from=2026-03-02T00:00:00%2B01:00&to=2026-03-09T00:00:00%2B01:00';
    expect((await ask('shop-0-door', march)).body).toMatchObject({ type: '/problems/would-disclose' });
    const years = 'from=2025-12-01T00:00:00%2B01:00&to=2026-02-01T00:00:00%2B01:00&resolution=1mo';
    expect(await ask('shop-0-door', years)).toMatchObject({
      status: 400,
      body: { type: '/problems/range-too-long' },
    });
  });

  test('is refused to whoever owns all but four', async () => {
    tokens['chain'] = await giveKey(bed, 'trader', { sites: shops.slice(0, 3) });
    expect(await ask('shop-0-door', month, 'chain')).toMatchObject({
      status: 409,
      body: { type: '/problems/would-disclose' },
    });
  });
});

describe('a town', () => {
  const operator = async (path: string) => {
    tokens['operator'] ??= await giveKey(bed, 'operator', { sites: 'all' });
    bed.clock.nowMs += 1_000;
    return bed.app.inject({ url: path, headers: bearer(tokens['operator']) });
  };
  const market = {
    site: 'town',
    kind: 'market-day',
    name: 'Wochenmarkt <im> Regen',
    from: '2026-03-21T10:00:00Z',
    until: '2026-03-21T14:00:00Z',
  };

  test('has a calendar of what its sites share, and of nothing else', async () => {
    await bed.store.put(
      [
        { kind: 'event', id: 'market', body: { ...market, shared: true } },
        { kind: 'event', id: 'repair', body: { ...market, site: 'shop-1', name: 'Umbau' } },
      ],
      bed.clock.nowMs,
    );
    bed.clock.nowMs += 1_000;
    const answer = await bed.app.inject({
      url: '/v1/towns/Iserlohn/calendar?year=2026',
      headers: bearer(tokens['shop-0']!),
    });
    const calendar = answer.json() as TownCalendar;
    expect(calendar.events).toMatchObject([{ id: 'market', site: 'town' }]);
    expect(calendar.publicHolidays.map(({ date }) => date)).toContain('2026-04-03');
    expect((await operator('/v1/towns/Atlantis/calendar?year=2026')).statusCode).toBe(404);
  });

  test('has a profile of its year from its streets', async () => {
    const answer = await operator('/v1/towns/Iserlohn/profile?year=2026');
    expect(answer.statusCode, answer.body).toBe(200);
    const profile = answer.json() as TownProfile;
    expect(profile.lines).toMatchObject([{ line: 'street', value: 'corrected', againstLastYear: null }]);
    expect(profile.passersBy!.value).toBeGreaterThan(100_000);
    expect(profile.weekdays.map(({ share }) => share! > 0)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    const peak = profile.hours.toSorted((left, right) => right.share! - left.share!)[0]!;
    expect(peak.localHour).toBe(16);
    expect(profile.strongestDays[0]).toMatchObject({ passersBy: 20 * (7 * 70 + 90) });
    expect(profile.events).toMatchObject([{ id: 'market', line: 'street', unusual: false }]);
    expect(profile.months[6]).toMatchObject({ month: 7, passersBy: null, coverage: 0 });
  });

  test('has it as a page that prints, in both languages, with names as text', async () => {
    const page = await operator('/v1/towns/Iserlohn/profile.html?year=2026');
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).toContain('Attraktivitätsprofil');
    expect(page.body).toContain('@page{size:A4');
    expect(page.body).not.toContain('<script');
    expect(page.body).toContain('Wochenmarkt &lt;im&gt; Regen');
    const english = await operator('/v1/towns/Iserlohn/profile.html?year=2026&language=en');
    expect(english.body).toContain('Attractiveness profile');
  });

  test('shows a trader nothing of a street that nobody has shared', async () => {
    bed.clock.nowMs += 1_000;
    const answer = await bed.app.inject({
      url: '/v1/towns/Iserlohn/profile?year=2026',
      headers: bearer(tokens['shop-0']!),
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ type: '/problems/measure-not-possible' });
  });
});
