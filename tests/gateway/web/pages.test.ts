import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageOf } from '../../../gateway/web/api/pages.ts';
import { type ApiBed, openApiBed } from './api-bed.ts';
import { bearer, giveKey } from './api-keys.ts';

const lists = {
  '/v1/sites': 'sites',
  '/v1/lines': 'lines',
  '/v1/devices': 'devices',
  '/v1/calibrations': 'calibrations',
  '/v1/events': 'events',
  '/v1/opening-hours': 'openingHours',
  '/v1/grants': 'grants',
  '/v1/keys': 'keys',
  '/v1/enrolments': 'enrolments',
  '/v1/enrolment-codes': 'codes',
  '/v1/audit': 'entries',
} as const;

type Page = { next: string | null } & Record<string, unknown[]>;

describe('every list', () => {
  let bed: ApiBed;
  let token: string;
  beforeAll(async () => {
    bed = await openApiBed();
    token = await giveKey(bed, 'operator', 'all');
    for (const site of ['shop', 'cafe']) {
      await giveKey(bed, 'trader', [site]);
      const span = { from: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' };
      const line = `${site}-door`;
      const bodies = {
        calibrations: { line, direction: 'both', factor: 1, standardError: 0.1, from: span.from },
        events: { site, kind: 'other', name: site, ...span },
        grants: { line, audience: 'partner', resolution: '1d', ...span },
        'opening-hours': { site, weekdays: {}, exceptions: {}, closedOnPublicHolidays: true },
      };
      for (const [name, payload] of Object.entries(bodies)) {
        const url = `/v1/${name}/${site}-one`;
        const { statusCode } = await bed.app.inject({ method: 'PUT', url, payload, headers: bearer(token) });
        expect(statusCode).toBe(204);
      }
    }
  });
  afterAll(() => bed.close());

  const get = async (url: string) => bed.app.inject({ url, headers: bearer(token) });

  test('is one of those that the document gives a cursor', () => {
    const { paths } = bed.app.swagger() as {
      paths: Record<string, { get?: { parameters?: { name: string }[] } }>;
    };
    const paged = Object.entries(paths)
      .filter(([, { get: operation }]) => operation?.parameters?.some(({ name }) => name === 'cursor'))
      .map(([path]) => path);
    expect(paged.sort()).toEqual(Object.keys(lists).sort());
  });

  test.each(Object.entries(lists).filter(([path]) => path !== '/v1/audit'))(
    '%s is the same page by page',
    async (path, name) => {
      const whole = (await get(path)).json<Page>();
      expect(whole.next).toBeNull();
      const walked: unknown[] = [];
      let url: string | null = `${path}?limit=1`;
      while (url !== null) {
        const page: Page = (await get(url)).json();
        expect(page[name]!.length).toBeLessThanOrEqual(1);
        walked.push(...page[name]!);
        url = page.next === null ? null : `${path}?limit=1&cursor=${page.next}`;
      }
      expect(walked).toEqual(whole[name]);
      if (name !== 'codes') expect(walked.length).toBeGreaterThanOrEqual(2);
      expect((await get(`${path}?cursor=!`)).json()).toMatchObject({ type: '/problems/invalid-request' });
      expect((await get(`${path}?limit=0`)).statusCode).toBe(400);
    },
  );
});

test('a page goes on behind an entry that is gone, and after the last one there is nothing', () => {
  const cursorOf = (id: string) => Buffer.from(id).toString('base64url');
  const page = (ids: string[], cursor: string, limit = '2') =>
    pageOf(ids, { cursor: cursorOf(cursor), limit }, (id) => id);
  expect(page(['a', 'b', 'd', 'e'], 'c')).toEqual({ entries: ['d', 'e'], next: null });
  expect(page(['a', 'b', 'd', 'e'], 'a')).toEqual({ entries: ['b', 'd'], next: cursorOf('d') });
  expect(page(['a', 'b'], 'x')).toEqual({ entries: [], next: null });
});
