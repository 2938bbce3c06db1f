import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashPassword, tokenHash } from '../../../gateway/web/access/credentials.ts';
import type { Role } from '../../../gateway/web/access/principal.ts';
import { type ApiBed, openApiBed } from './api-bed.ts';
import { bearer, giveKey } from './api-keys.ts';

const day = 'from=2026-03-01T23:00:00Z&to=2026-03-02T23:00:00Z';
async function giveUser(bed: ApiBed, id: string, role: Role): Promise<void> {
  const body = { name: id, role, sites: ['shop'], password: await hashPassword('a long password') };
  await bed.store.put([{ kind: 'user', id, body }], bed.clock.nowMs);
}

describe('keys', () => {
  let bed: ApiBed;
  beforeEach(async () => {
    bed = await openApiBed();
  });
  afterEach(() => bed.close());
  const counts = `/v1/lines/shop-door/counts?${day}`;
  const status = async (url: string, token: string) =>
    (await bed.app.inject({ url, headers: bearer(token) })).statusCode;

  test('without any the gateway is open for reading, and changes nothing', async () => {
    expect((await bed.app.inject(counts)).statusCode).toBe(200);
    const body = {
      site: 'shop',
      kind: 'other',
      name: 'x',
      from: '2026-01-01T00:00:00Z',
      until: '2026-01-02T00:00:00Z',
    };
    expect((await bed.app.inject({ method: 'PUT', url: '/v1/events/x', payload: body })).statusCode).toBe(
      401,
    );
    const closed = await openApiBed('closed');
    expect((await closed.app.inject(counts)).statusCode).toBe(401);
    await closed.close();
  });

  test('end when they expire and when they are revoked, at once', async () => {
    const token = await giveKey(bed, 'adviser', 'all', { expiresMs: bed.clock.nowMs + 5_000 });
    expect(await status(counts, token)).toBe(200);
    bed.clock.nowMs += 5_000;
    expect(await status(counts, token)).toBe(401);
    const operator = await giveKey(bed, 'operator', 'all');
    const other = await giveKey(bed, 'trader', ['shop']);
    expect(await status(counts, other)).toBe(200);
    const revoked = await bed.app.inject({
      method: 'DELETE',
      url: '/v1/keys/trader-shop',
      headers: bearer(operator),
    });
    expect(revoked.statusCode).toBe(204);
    expect(await status(counts, other)).toBe(401);
    const { entries } = (await bed.app.inject({ url: '/v1/audit', headers: bearer(operator) })).json();
    expect(entries[0]).toMatchObject({
      actor: 'key:operator-all',
      action: 'key-revoked',
      subject: 'trader-shop',
    });
  });

  test('are listed with the day of their last use and never with their token', async () => {
    const operator = await giveKey(bed, 'operator', 'all');
    await giveKey(bed, 'adviser', ['shop']);
    const answer = await bed.app.inject({ url: '/v1/keys', headers: bearer(operator) });
    const { keys } = answer.json();
    expect(keys.map((key: { id: string; lastUsedOn: string | null }) => [key.id, key.lastUsedOn])).toEqual([
      ['adviser-shop', null],
      ['operator-all', '2026-03-02'],
    ]);
    expect(answer.body).not.toContain(operator);
    expect(answer.body).not.toContain(tokenHash(operator));
    expect(JSON.stringify(await bed.store.readRecords('api-key'))).not.toContain(operator);
  });

  test('that ask too much are told to wait, others are not', async () => {
    const [greedy, other] = [await giveKey(bed, 'adviser', ['shop']), await giveKey(bed, 'trader', ['shop'])];
    const answers = [];
    for (let number = 0; number < 310; number += 1) answers.push(await status('/v1/lines', greedy));
    expect(answers.filter((code) => code === 429)).toHaveLength(10);
    expect(await status('/v1/lines', other)).toBe(200);
    bed.clock.nowMs += 1_000;
    expect(await status('/v1/lines', greedy)).toBe(200);
  });
});

describe('what a trader shares', () => {
  let bed: ApiBed;
  let partner: string;
  let trader: string;
  beforeEach(async () => {
    bed = await openApiBed();
    partner = await giveKey(bed, 'partner', 'all');
    trader = await giveKey(bed, 'trader', ['shop']);
  });
  afterEach(() => bed.close());
  const asks = async (token: string, resolution: string, range = day) =>
    (
      await bed.app.inject({
        url: `/v1/lines/shop-door/counts?${range}&resolution=${resolution}`,
        headers: bearer(token),
      })
    ).statusCode;
  const grant = { line: 'shop-door', audience: 'partner', resolution: '1d', from: '2026-03-01T00:00:00Z' };
  const put = (id: string, payload: object, token = trader) =>
    bed.app.inject({ method: 'PUT', url: `/v1/grants/${id}`, payload, headers: bearer(token) });

  test('reaches the partner in that resolution and time, until it is taken back, and both see it', async () => {
    expect(await asks(partner, '1d')).toBe(404);
    expect((await put('fest', { ...grant, until: '2026-03-02T23:00:00Z' })).statusCode).toBe(204);
    expect(await asks(partner, '1d')).toBe(200);
    expect(await asks(partner, '1h')).toBe(404);
    expect(await asks(partner, '1d', 'from=2026-03-01T23:00:00Z&to=2026-03-03T23:00:00Z')).toBe(404);
    for (const token of [partner, trader]) {
      const { grants } = (await bed.app.inject({ url: '/v1/grants', headers: bearer(token) })).json();
      expect(grants).toMatchObject([{ id: 'fest', line: 'shop-door', resolution: '1d' }]);
    }
    const ended = await bed.app.inject({ method: 'DELETE', url: '/v1/grants/fest', headers: bearer(trader) });
    expect(ended.statusCode).toBe(204);
    expect(await asks(partner, '1d')).toBe(404);
  });

  test('for one partner is not for another', async () => {
    await put('one', { ...grant, partner: 'IHK' });
    expect(await asks(partner, '1d')).toBe(404);
    await put('two', { ...grant, partner: 'Stadtmarketing' });
    expect(await asks(partner, '1d')).toBe(200);
  });

  test('is never another trader’s line, nor taken away by a partner', async () => {
    expect((await put('theft', { ...grant, line: 'cafe-door' })).statusCode).toBe(404);
    await put('fest', grant);
    expect((await put('fest', grant, partner)).statusCode).toBe(404);
    const cafe = await giveKey(bed, 'trader', ['cafe']);
    const ended = await bed.app.inject({ method: 'DELETE', url: '/v1/grants/fest', headers: bearer(cafe) });
    expect(ended.statusCode).toBe(404);
  });
});

describe('sessions', () => {
  let bed: ApiBed;
  beforeEach(async () => {
    bed = await openApiBed();
    await giveUser(bed, 'anna', 'trader');
  });
  afterEach(() => bed.close());
  const login = (password: string, user = 'anna') =>
    bed.app.inject({ method: 'POST', url: '/v1/session', payload: { user, password } });

  test('begin with the right password only, and tell nothing about who exists', async () => {
    const [wrong, unknown] = [await login('wrong'), await login('wrong', 'nobody')];
    expect([wrong.statusCode, unknown.statusCode]).toEqual([401, 401]);
    expect(wrong.body).toBe(unknown.body);
    const right = await login('a long password');
    expect(right.statusCode).toBe(200);
    expect(right.headers['set-cookie']).toMatch(/^passant_session=pss_.*HttpOnly; SameSite=Strict/);
  });

  test('read by cookie, change only with their token, and end by logging out or after a day', async () => {
    const opened = await login('a long password');
    const cookie = String(opened.headers['set-cookie']).split(';')[0]!;
    const { csrf } = opened.json();
    const body = {
      site: 'shop',
      kind: 'campaign',
      name: 'Rabatt',
      from: '2026-03-01T00:00:00Z',
      until: '2026-03-08T00:00:00Z',
    };
    const put = (headers: object) =>
      bed.app.inject({
        method: 'PUT',
        url: '/v1/events/sale',
        payload: body,
        headers: { cookie, ...headers },
      });
    expect((await bed.app.inject({ url: '/v1/events', headers: { cookie } })).statusCode).toBe(200);
    expect((await put({})).json()).toMatchObject({ type: '/problems/csrf-refused', status: 403 });
    expect((await put({ 'x-csrf-token': 'guess' })).statusCode).toBe(403);
    expect((await put({ 'x-csrf-token': csrf })).statusCode).toBe(204);
    const { events } = (await bed.app.inject({ url: '/v1/events', headers: { cookie } })).json();
    expect(events).toMatchObject([{ id: 'sale', ...body }]);
    await bed.app.inject({ method: 'DELETE', url: '/v1/session', headers: { cookie } });
    expect((await bed.app.inject({ url: '/v1/events', headers: { cookie } })).statusCode).toBe(401);
    const again = String((await login('a long password')).headers['set-cookie']).split(';')[0]!;
    bed.clock.nowMs += 13 * 3_600_000;
    expect((await bed.app.inject({ url: '/v1/events', headers: { cookie: again } })).statusCode).toBe(401);
  });

  test('cannot be guessed at any speed', async () => {
    const answers = [];
    for (let number = 0; number < 22; number += 1) answers.push((await login('wrong', 'nobody')).statusCode);
    expect(answers.filter((code) => code === 429).length).toBeGreaterThanOrEqual(2);
  });

  test('keep no password and no token that could be used', async () => {
    const opened = await login('a long password');
    const cookie = String(opened.headers['set-cookie']).split(/[=;]/)[1]!;
    const kept = JSON.stringify([
      await bed.store.readRecords('user'),
      await bed.store.readRecords('session'),
    ]);
    expect(kept).not.toContain('a long password');
    expect(kept).not.toContain(cookie);
  });
});
