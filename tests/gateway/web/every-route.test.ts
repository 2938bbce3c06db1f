import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addAccessGuard } from '../../../gateway/web/access/access-guard.ts';
import { type Role, roles } from '../../../gateway/web/access/principal.ts';
import { routeAudiences } from '../../../gateway/web/access/route-audiences.ts';
import type { Scope } from '../../../gateway/web/access/scope.ts';
import { type ApiBed, openApiBed } from './api-bed.ts';
import { bearer, giveKey } from './api-keys.ts';

const [from, to] = ['2026-03-01T23:00:00Z', '2026-03-02T23:00:00Z'];
const day = `from=${from}&to=${to}`;
type Site = 'shop' | 'cafe';
const sites: readonly Site[] = ['shop', 'cafe'];

/** Scopes and the sites they come to: by name, by organisation, by town, mixed, none, all. */
const scopes: readonly { scope: Scope; sees: readonly Site[] }[] = [
  { scope: { sites: 'all' }, sees: ['shop', 'cafe'] },
  { scope: { sites: ['shop'] }, sees: ['shop'] },
  { scope: { sites: ['cafe'] }, sees: ['cafe'] },
  { scope: { sites: [] }, sees: [] },
  { scope: { sites: [], organisations: ['Lange'] }, sees: ['shop'] },
  { scope: { sites: [], towns: ['Hemer'] }, sees: ['cafe'] },
  { scope: { sites: ['cafe'], organisations: ['Lange'] }, sees: ['shop', 'cafe'] },
  { scope: { sites: [], organisations: ['Nobody'], towns: ['Nowhere'] }, sees: [] },
];

interface Key {
  readonly role: Role;
  readonly scope: Scope;
  readonly sees: readonly Site[];
  readonly token: string;
}

const isProtected = (role: Role) => role === 'partner' || role === 'public';

/** Queries with which a reading route answers where it may be asked, by the beginning of its path or its end. */
const queries: readonly (readonly [RegExp, string])[] = [
  [/\/counts|\/findings$|\/effect$|ledger$/, `?${day}`],
  [/:id\/measures/, `?${day}&measure=entrances`],
  [/\/calendar$|\/profile(\.html)?$/, '?year=2026'],
  [/\/index$/, '?from=2026-03-02T00:00:00%2B01:00&to=2026-03-09T00:00:00%2B01:00'],
  [/\/report\.(html|pdf)$/, '?month=2026-03'],
  [/town-report/, '?month=2026-03&town=Hemer'],
  [/\/widget\.html$/, '?line=shop-door'],
  [/\/weather$/, '?month=2026-03'],
  [
    /^\/ngsi-ld/,
    `?type=CrowdFlowObserved&q=${encodeURIComponent(`dateObservedFrom>=${from};dateObservedTo<=${to}`)}`,
  ],
];

function queryOf(path: string): string {
  return queries.find(([pattern]) => pattern.test(path))?.[1] ?? '';
}

/**
 * What a caller is answered whom a route is for: two hours are no history that an event could be judged by, towns without a
 * street have no profile, and one line is no group.
 */
function answerTo(path: string): number {
  if (/\/effect$|\/profile(\.html)?$/.test(path)) return 400;
  return path.endsWith('/index') ? 409 : 200;
}

function idOf(path: string, site: Site): string {
  if (/\/lines\/|\/locations\/|\/widget\//.test(path)) return `${site}-door`;
  if (path.includes('/towns/')) return site === 'shop' ? 'Iserlohn' : 'Hemer';
  return /\/(devices|enrolments)\//.test(path) ? `${site}-1` : site;
}

/** A record of each kind that is about one site. */
function recordOf(path: string, site: Site): object {
  const span = { from: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' };
  const line = `${site}-door`;
  if (path.startsWith('/v1/calibrations')) {
    return { line, direction: 'both', factor: 1, standardError: 0.1, from: span.from };
  }
  if (path.startsWith('/v1/events')) return { site, kind: 'other', name: site, ...span };
  if (path.startsWith('/v1/grants'))
    return { line, audience: 'partner', partner: 'x', resolution: '1d', ...span };
  return { site, weekdays: {}, exceptions: {}, closedOnPublicHolidays: true };
}

describe('every key, every site, every route', () => {
  let bed: ApiBed;
  const keys: Key[] = [];

  beforeAll(async () => {
    const catalogue = { title: 'T', description: 'D', publisher: 'P' };
    bed = await openApiBed('auto', { publicUrl: 'https://counts.example.org', catalogue });
    const directory = await bed.store.readDirectory();
    await bed.store.applySetup({
      ...directory,
      sites: directory.sites.map((site) =>
        site.id === 'cafe' ? { ...site, organisation: 'Kaffee', town: 'Hemer' } : site,
      ),
    });
    for (const role of roles) {
      for (const { scope, sees } of scopes) {
        keys.push({ role, scope, sees, token: await giveKey(bed, role, scope) });
      }
    }
    const shared = { from: '2026-01-01T00:00:00Z', resolution: '1h' };
    await bed.store.put(
      [
        { kind: 'grant', id: 'shop-shared', body: { ...shared, line: 'shop-door', audience: 'public' } },
        { kind: 'grant', id: 'cafe-shared', body: { ...shared, line: 'cafe-door', audience: 'partner' } },
      ],
      0,
    );
  });
  afterAll(() => bed.close());

  const ask = async (key: Key, url: string, method: 'GET' | 'PUT' | 'DELETE' = 'GET', payload?: object) => {
    // The next second: nobody asks too much.
    bed.clock.nowMs += 1_000;
    return bed.app.inject({ method, url, headers: bearer(key.token), ...(payload ? { payload } : {}) });
  };
  /** A PDF and a report take a quarter of a second to make: those with the shop and those with nothing ask for it. */
  const keysFor = (path: string) =>
    /\.pdf$|report/.test(path)
      ? keys.filter(({ scope }) => [scopes[1]!.scope, scopes[3]!.scope].includes(scope))
      : keys;
  const nameOf = ({ role, scope }: Key) => `${role} of ${JSON.stringify(scope)}`;

  const routes = Object.entries(routeAudiences).map(([route, rule]) => {
    const [method, path] = route.split(' ') as ['GET' | 'PUT' | 'DELETE', string];
    return { method, path, rule };
  });
  const reading = routes.filter(({ method, path }) => method === 'GET' && path !== '/v1/live');
  const writing = routes.filter(({ method }) => method === 'PUT');
  // What is put to a device is no record that could be moved to another site or deleted.
  const toDevices = writing.filter(({ path }) => path.startsWith('/v1/devices/'));
  const records = writing.filter((route) => !toDevices.includes(route));

  /** What the scope says: role, site, and for protected roles what has been shared. */
  function mayRead({ role, scope, sees }: Key, path: string, site: Site): boolean {
    const rule = routeAudiences[`GET ${path}`]!;
    // The widget shows what is public: the shop's line.
    if (path.startsWith('/v1/widget')) return site === 'shop';
    if (rule.roles === 'everyone') return true;
    if (!rule.roles.includes(role)) return false;
    // A town's report is for those who see a line of it: the café's is shared with partners only.
    if (path.startsWith('/v1/town-report')) return sees.includes('cafe') && role !== 'public';
    if (rule.scope === 'none') return true;
    if (rule.scope === 'everything') return scope.sites === 'all';
    if (!sees.includes(site)) return false;
    // Both lines are shared with partners, the shop's with the public too.
    const ofLines = rule.scope === 'line' || rule.scope === 'location' || path.includes('/counts');
    return !ofLines || role !== 'public' || site === 'shop';
  }

  test.each(reading)('GET $path answers exactly those it is for', async ({ path }) => {
    for (const key of keysFor(path)) {
      for (const site of path.includes(':id') ? sites : (['shop'] as const)) {
        const url = `${path.replace(':id', idOf(path, site)).replace('*', 'Things')}${queryOf(path)}`;
        const { statusCode } = await ask(key, url);
        expect(statusCode, `${nameOf(key)} asks ${url}`).toBe(
          mayRead(key, path, site) ? answerTo(path) : 404,
        );
      }
    }
  });

  test.each(reading)('GET $path needs a key unless it is for everyone', async ({ path, rule }) => {
    // Guests are counted together: one test after the other must not look like an attack.
    bed.clock.nowMs += 5_000;
    const { statusCode, headers } = await bed.app.inject(
      `${path.replace(':id', idOf(path, 'shop')).replace('*', 'Things')}${queryOf(path)}`,
    );
    const closed = rule.roles !== 'everyone' || path === '/v1/session';
    expect(statusCode).toBe(closed ? 401 : 200);
    if (closed) expect(headers['www-authenticate']).toBe('Bearer');
  });

  test.each(records)(
    'PUT and DELETE $path change what is of the key’s sites only',
    async ({ path, rule }) => {
      const operator = keys[0]!;
      for (const site of sites) {
        const url = path.replace(':id', `${site}-record`);
        const [body, others] = [recordOf(path, site), recordOf(path, site === 'shop' ? 'cafe' : 'shop')];
        const restore = async () => expect((await ask(operator, url, 'PUT', body)).statusCode).toBe(204);
        await restore();
        for (const key of keys) {
          const may = rule.roles.includes(key.role) && key.sees.includes(site);
          const both = may && key.sees.length === 2;
          const told = (allowed: boolean) => (allowed ? 204 : 404);
          expect((await ask(key, url, 'PUT', body)).statusCode, `${nameOf(key)} writes ${url}`).toBe(
            told(may),
          );
          // Somebody else's record cannot be taken over by writing one's own in its place.
          const theft = await ask(key, url, 'PUT', others);
          expect(theft.statusCode, `${nameOf(key)} takes ${url}`).toBe(told(both));
          if (both) await restore();
          const { statusCode } = await ask(key, url, 'DELETE');
          expect(statusCode, `${nameOf(key)} deletes ${url}`).toBe(told(may));
          if (may) await restore();
        }
      }
    },
  );

  test.each(toDevices)('PUT $path writes to devices of the key’s sites only', async ({ path, rule }) => {
    for (const key of keys) {
      for (const site of sites) {
        const url = path.replace(':id', idOf(path, site));
        const may = rule.roles.includes(key.role) && key.sees.includes(site);
        const { statusCode } = await ask(key, url, 'PUT', { settings: { name: site } });
        expect(statusCode, `${nameOf(key)} writes ${url}`).toBe(may ? 200 : 404);
      }
    }
  });

  const lists = reading.filter(
    ({ path, rule }) => !path.includes(':id') && !path.endsWith('.pdf') && rule.roles !== 'everyone',
  );
  test.each(lists)('GET $path names nothing of a site that is not the key’s', async ({ path }) => {
    for (const key of keysFor(path)) {
      const answer = await ask(key, `${path.replace('*', 'Things')}${queryOf(path)}`);
      if (answer.statusCode !== 200) continue;
      for (const site of sites) {
        const named = new RegExp(`\\b${site}\\b`).test(answer.body);
        if (!key.sees.includes(site)) expect(named, `${nameOf(key)} finds ${site} in ${path}`).toBe(false);
        const hasAll = ['/v1/sites', '/v1/lines', '/v1/devices', '/v1/events', '/v1/calibrations'];
        const shared =
          !isProtected(key.role) || path !== '/v1/lines' || key.role === 'partner' || site === 'shop';
        if (key.sees.includes(site) && shared && hasAll.includes(path)) {
          expect(named, `${nameOf(key)} misses ${site} in ${path}`).toBe(true);
        }
      }
    }
  });

  test('GET /v1/live streams the lines of the key’s sites', async () => {
    const url = await bed.app.listen({ host: '127.0.0.1', port: 0 });
    for (const key of keys) {
      bed.clock.nowMs += 1_000;
      const stop = new AbortController();
      const answer = await fetch(`${url}/v1/live`, { headers: bearer(key.token), signal: stop.signal });
      expect(answer.status, nameOf(key)).toBe(isProtected(key.role) ? 404 : 200);
      if (answer.status === 200) {
        const { value } = await answer.body!.getReader().read();
        const text = Buffer.from(value!).toString();
        const found = sites.filter((site) => text.includes(`"${site}-door"`));
        expect(found, nameOf(key)).toEqual(key.sees);
      }
      stop.abort();
    }
  });

  test('a shop that joins the town later is seen by whoever has the town', async () => {
    const key = keys.find(({ role, scope }) => role === 'adviser' && scope.towns?.includes('Hemer'))!;
    const before = await bed.store.readDirectory();
    const newcomer = {
      ...before.sites[0]!,
      id: 'bakery',
      name: 'bakery',
      organisation: 'Brot',
      town: 'Hemer',
    };
    await bed.store.applySetup({ ...before, sites: [...before.sites, newcomer] });
    const { sites: found } = (await ask(key, '/v1/sites')).json<{ sites: { id: string }[] }>();
    expect(found.map(({ id }) => id)).toEqual(['cafe', 'bakery']);
    await bed.store.applySetup(before);
  });

  test('the table names every route, and every route is there', () => {
    for (const { method, path } of routes) {
      expect(bed.app.hasRoute({ method, url: path }), `${method} ${path}`).toBe(true);
    }
  });

  test('a route whose audience nobody has decided does not start', () => {
    const app = fastify();
    addAccessGuard(app, { access: null as never, reader: null as never, now: () => 0 });
    expect(() => app.get('/v1/secrets', () => 'x')).toThrow(/no audience/);
  });
});
