import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EnrolmentAnswer, parseEnrolmentText } from '../../../gateway/contract/enrolment.ts';
import { openSqliteCountStore } from '../../../gateway/store/sqlite/sqlite-count-store.ts';
import { openGatewayBed, openTestDevice } from '../gateway-bed.ts';
import { crossing, payload, sampleStart } from '../sample-intervals.ts';
import {
  askOver,
  basic,
  claimOf,
  type EnrolmentBed,
  lines,
  openEnrolmentBed,
  password,
} from './enrolment-bed.ts';

let bed: EnrolmentBed;
let nowMs: number;
beforeEach(async () => {
  nowMs = Date.now();
  bed = await openEnrolmentBed({ now: () => nowMs });
});
afterEach(() => bed.close());

const claim = (body: object) => bed.ask('POST', '/v1/enrolments', { body });
/** The gateway's database, beside it. */
const openStore = () => openSqliteCountStore(join(bed.dataDirectory, 'counts.sqlite'));

async function audit(): Promise<string[]> {
  const store = await openStore();
  const entries = await store.readAudit({ limit: 50 });
  await store.close();
  return entries.map(({ actor, action, subject }) => `${actor} ${action} ${subject}`);
}

/** Takes a device in; its name, its password and the answer. */
async function enrol(line = 'shop-door', changes: object = {}) {
  const secret = password();
  const { code } = await bed.code(line);
  const { status, body } = await claim(claimOf(code, secret, changes));
  expect(status, JSON.stringify(body)).toBe(200);
  return { secret, answer: body as unknown as EnrolmentAnswer, device: body['device'] as string };
}

const connect = (device: string, secret: string, changes: object = {}) =>
  connectAsync(bed.gateway.brokerUrl, {
    username: device,
    password: secret,
    clientId: device,
    reconnectPeriod: 0,
    rejectUnauthorized: false,
    ...changes,
  });

describe('a code', () => {
  test('takes one counter in, which delivers at once, and the line shows it from this minute on', async () => {
    const issued = await bed.code();
    expect(parseEnrolmentText(issued.text)).toEqual({
      url: bed.gateway.url,
      code: issued.code,
      pin: bed.gateway.pin,
    });
    const secret = password();
    const { status, body, pin } = await claim(claimOf(issued.code, secret));
    expect([status, pin]).toEqual([200, bed.gateway.pin]);
    expect(body).toMatchObject({
      device: 'shop-door-1',
      site: 'shop',
      assigned: [{ line: 'shop-door', sensor: 'door', role: 'counts', swapped: false, until: null }],
      broker: { url: null, tls: true, pin: bed.gateway.pin, passwords: 'in-force' },
    });
    const client = await connect('shop-door-1', secret);
    await client.publishAsync('passant/v1/shop-door-1/counts', Buffer.from(payload([crossing(1)])), {
      qos: 1,
    });
    const { body: known } = await bed.ask('GET', '/v1/enrolments/shop-door-1', {
      authorization: bed.technician,
    });
    expect(known).toMatchObject({ state: 'enrolled', missing: 0 });
    await client.endAsync();
  });

  test('is not on disk in the clear, and neither is the password', async () => {
    const { secret } = await enrol();
    const { code } = await bed.code('shop-back');
    for (const file of ['counts.sqlite', 'counts.sqlite-wal']) {
      const bytes = readFileSync(join(bed.dataDirectory, file));
      expect(bytes.includes(code)).toBe(false);
      expect(bytes.includes(secret)).toBe(false);
    }
  });

  test('works once: another counter with the same code is told who used it', async () => {
    const { code } = await bed.code();
    await claim(claimOf(code, password()));
    const { status, body } = await claim(claimOf(code, password(), { device: 'thief' }));
    expect([status, body['type']]).toEqual([403, '/problems/code-used']);
    expect(body['detail']).toContain('shop-door-1');
  });

  test('of two counters that claim it at the same moment takes one in', async () => {
    const { code } = await bed.code();
    const answers = await Promise.all([claim(claimOf(code, password())), claim(claimOf(code, password()))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
  });

  test('expires, and says so', async () => {
    const { code } = await bed.code('shop-door', { hours: 0.5 });
    nowMs += 1_800_001;
    const { status, body } = await claim(claimOf(code, password()));
    expect([status, body['type']]).toEqual([403, '/problems/code-expired']);
  });

  test('that was revoked, or guessed, is unknown; guessing ends after twenty attempts', async () => {
    const { id, code } = await bed.code();
    await bed.ask('DELETE', `/v1/enrolment-codes/${id}`, { authorization: bed.technician });
    const statuses: number[] = [];
    for (let guess = 0; guess < 22; guess += 1) {
      const { status, body } = await claim(claimOf(guess === 0 ? code : '0'.repeat(20), password()));
      statuses.push(status);
      if (status === 403) expect(body['type']).toBe('/problems/code-unknown');
    }
    expect(statuses).toEqual([...Array(20).fill(403), 429, 429]);
  });

  test('that is refused for another reason stays good', async () => {
    await enrol();
    const { code } = await bed.code();
    const secret = password();
    const refused = await claim(claimOf(code, secret));
    expect([refused.status, refused.body['type']]).toEqual([409, '/problems/line-taken']);
    const replaced = await claim(claimOf(code, secret, { replaces: 'shop-door-1' }));
    expect([replaced.status, replaced.body['replaced']]).toEqual([200, 'shop-door-1']);
  });

  test('is made by technicians of the site only, and everything about it is in the audit log', async () => {
    const body = { site: 'shop', line: 'shop-door' };
    expect((await bed.ask('POST', '/v1/enrolment-codes', { body })).status).toBe(401);
    const other = { body: { site: 'cafe', line: 'cafe-door' }, authorization: bed.technician };
    expect((await bed.ask('POST', '/v1/enrolment-codes', other)).status).toBe(404);
    const { id } = await bed.code();
    await bed.ask('DELETE', `/v1/enrolment-codes/${id}`, { authorization: bed.technician });
    await enrol();
    expect(await audit()).toEqual(
      expect.arrayContaining([
        `key:technician enrolment-code-created ${id} shop-door`,
        `key:technician enrolment-code-revoked ${id}`,
        expect.stringMatching(/^code:[0-9a-f]{8} device-enrolled shop-door-1 at shop-door$/),
      ]),
    );
  });
});

describe('a claim that is sent again', () => {
  test('by the same counter is answered again, also after the code’s end', async () => {
    const { code } = await bed.code();
    const secret = password();
    const first = await claim(claimOf(code, secret));
    nowMs += 7_200_000;
    const second = await claim(claimOf(code, secret));
    expect(second).toEqual(first);
  });

  test('gives whoever recorded it nothing: no secret is in the answer, and the hash opens no door', async () => {
    const { code } = await bed.code();
    const secret = password();
    const recorded = claimOf(code, secret);
    await claim(recorded);
    const replayed = await claim(recorded);
    expect(JSON.stringify(replayed.body)).not.toContain(secret);
    await expect(connect('shop-door-1', recorded.passwordSha256)).rejects.toThrow(/not authori[sz]ed/i);
    const asDevice = { authorization: basic('shop-door-1', recorded.passwordSha256) };
    expect((await bed.ask('GET', '/v1/enrolments/shop-door-1', asDevice)).status).toBe(401);
  });

  test('does not bring a retired counter back', async () => {
    const { code } = await bed.code();
    const secret = password();
    await claim(claimOf(code, secret));
    await bed.ask('DELETE', '/v1/enrolments/shop-door-1', { authorization: basic('shop-door-1', secret) });
    const again = await claim(claimOf(code, secret));
    expect([again.status, again.body['type']]).toEqual([403, '/problems/code-used']);
    await expect(connect('shop-door-1', secret)).rejects.toThrow(/not authori[sz]ed/i);
  });

  test('after the gateway was killed between writing and putting in force finds everything in place', async () => {
    // What a kill leaves: the records of a claim, and tables that do not know of them.
    const { code } = await bed.code();
    const secret = password();
    await claim(claimOf(code, secret));
    const store = await openStore();
    const { sites, lines: rows } = await store.readDirectory();
    await store.applySetup({ sites, lines: rows, assignments: [] });
    await store.close();
    const again = await claim(claimOf(code, secret));
    expect(again.body).toMatchObject({ assigned: [{ line: 'shop-door', sensor: 'door' }] });
  });
});

describe('an enrolled counter', () => {
  test('keeps to its own topics, whatever it tries', async () => {
    const { device, secret } = await enrol();
    const other = await enrol('shop-back');
    const spy = await connect(device, secret);
    const heard: string[] = [];
    spy.on('message', (topic) => heard.push(topic));
    for (const filter of ['#', 'passant/v1/+/receipt', `passant/v1/${other.device}/receipt`]) {
      await spy.subscribeAsync(filter, { qos: 1 }).catch(() => {});
    }
    const victim = await connect(other.device, other.secret);
    await victim.subscribeAsync(`passant/v1/${other.device}/receipt`, { qos: 1 });
    const receipted = new Promise((resolve) => victim.once('message', resolve));
    await victim.publishAsync(`passant/v1/${other.device}/counts`, Buffer.from(payload([crossing(1)])), {
      qos: 1,
    });
    await receipted;
    expect(heard).toEqual([]);
    const closed = new Promise<void>((resolve) => spy.once('close', () => resolve()));
    spy.publish(`passant/v1/${other.device}/counts`, Buffer.from(payload([crossing(2)])), { qos: 1 });
    await closed;
    await spy.endAsync(true);
    expect(victim.connected).toBe(true);
    await victim.endAsync();
  });

  test('cannot throw another one out by taking its client id', async () => {
    const { device, secret } = await enrol();
    const other = await enrol('shop-back');
    const victim = await connect(other.device, other.secret);
    await expect(connect(device, secret, { clientId: other.device })).rejects.toThrow(/not authori[sz]ed/i);
    expect(victim.connected).toBe(true);
    await victim.endAsync();
  });

  test('asks about itself and about nobody else, and makes no codes', async () => {
    const { device, secret } = await enrol();
    const other = await enrol('shop-back');
    const authorization = basic(device, secret);
    expect((await bed.ask('GET', `/v1/enrolments/${device}`, { authorization })).status).toBe(200);
    for (const [method, path] of [
      ['GET', `/v1/enrolments/${other.device}`],
      ['DELETE', `/v1/enrolments/${other.device}`],
      ['GET', '/v1/enrolments'],
      ['GET', '/v1/lines'],
      ['GET', '/v1/sites'],
    ] as const) {
      expect((await bed.ask(method, path, { authorization })).status, path).toBe(404);
    }
    const body = { from: 'now' };
    const path = `/v1/enrolments/${other.device}/swap-direction`;
    expect((await bed.ask('POST', path, { body, authorization })).status).toBe(404);
    const code = { site: 'shop', line: 'shop-back' };
    expect((await bed.ask('POST', '/v1/enrolment-codes', { body: code, authorization })).status).toBe(404);
  });

  test('that retires loses its connection and its password at once, and its rows stay', async () => {
    const { device, secret } = await enrol();
    const client = await connect(device, secret);
    await client.publishAsync(`passant/v1/${device}/counts`, Buffer.from(payload([crossing(1)])), { qos: 1 });
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    const authorization = basic(device, secret);
    expect((await bed.ask('DELETE', `/v1/enrolments/${device}`, { authorization })).status).toBe(204);
    await closed;
    await client.endAsync(true);
    await expect(connect(device, secret)).rejects.toThrow(/not authori[sz]ed/i);
    const known = await bed.ask('GET', `/v1/enrolments/${device}`, { authorization: bed.technician });
    expect(known.body).toMatchObject({ state: 'retired', assigned: [{ until: expect.any(String) }] });
    expect((await bed.ask('GET', `/v1/enrolments/${device}`, { authorization })).status).toBe(401);
  });
});

describe('a replacement', () => {
  test('goes on from now at the line, and what the old one counted stays in its place', async () => {
    nowMs = sampleStart - 60_000;
    const { code } = await bed.code();
    const old = password();
    await claim(claimOf(code, old, { device: 'old' }));
    const client = await connect('old', old);
    const minutes = Array.from({ length: 10 }, (_, index) => crossing(index + 1, { in: 1, out: 0 }));
    await client.publishAsync('passant/v1/old/counts', Buffer.from(payload(minutes)), { qos: 1 });
    nowMs = sampleStart + 10 * 60_000 + 20_000;
    const secret = password();
    const next = await bed.code();
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    await claim(claimOf(next.code, secret, { device: 'new', replaces: 'old' }));
    await closed;
    await client.endAsync(true);
    await expect(connect('old', old)).rejects.toThrow(/not authori[sz]ed/i);
    const successor = await connect('new', secret);
    const later = Array.from({ length: 5 }, (_, index) =>
      crossing(index + 1, {
        in: 2,
        out: 0,
        start: new Date(sampleStart + (10 + index) * 60_000).toISOString(),
      }),
    );
    await successor.publishAsync('passant/v1/new/counts', Buffer.from(payload(later)), { qos: 1 });
    await successor.endAsync();
    const path = '/v1/lines/shop-door/counts?from=2026-03-02T08:00:00Z&to=2026-03-02T08:30:00Z&resolution=1m';
    nowMs += 60_000;
    const { body } = await bed.ask('GET', path, { authorization: bed.technician });
    const cells = (body as { cells: { in: number | null }[] }).cells.map((cell) => cell.in);
    expect(cells).toEqual([...Array(10).fill(1), ...Array(5).fill(2), ...Array(15).fill(null)]);
  });

  test('names a device that counts there, and takes its lane along', async () => {
    await enrol();
    const lane = await bed.code();
    // Beside another counter it is a lane or nothing, and the other one counts the whole line.
    const asLane = await claim(claimOf(lane.code, password(), { device: 'second', lane: 2 }));
    expect(asLane.body).toMatchObject({ assigned: [{ role: 'lane', lane: 2 }] });
    const next = await bed.code();
    const wrong = await claim(claimOf(next.code, password(), { replaces: 'nobody' }));
    expect([wrong.status, wrong.body['type']]).toEqual([409, '/problems/not-replaceable']);
    const right = await claim(claimOf(next.code, password(), { device: 'third', replaces: 'second' }));
    expect(right.body).toMatchObject({ assigned: [{ role: 'lane', lane: 2, sensor: 'door' }] });
  });
});

describe('a swapped direction', () => {
  async function countsOf(line: string) {
    const path = `/v1/lines/${line}/counts?from=2026-03-02T08:00:00Z&to=2026-03-02T09:00:00Z&resolution=1h`;
    const { body } = await bed.ask('GET', path, { authorization: bed.technician });
    const { in: ins, out } = (body as { total: { in: number; out: number } }).total;
    return [ins, out];
  }

  test('from the start shows the past anew; from now it leaves the past as it was', async () => {
    nowMs = sampleStart - 60_000;
    const { device, secret } = await enrol();
    const client = await connect(device, secret);
    const minutes = Array.from({ length: 10 }, (_, index) => crossing(index + 1, { in: 3, out: 1 }));
    await client.publishAsync(`passant/v1/${device}/counts`, Buffer.from(payload(minutes)), { qos: 1 });
    await client.endAsync();
    nowMs = sampleStart + 3_600_000;
    const authorization = basic(device, secret);
    const swap = (from: string) =>
      bed.ask('POST', `/v1/enrolments/${device}/swap-direction`, { body: { from }, authorization });
    expect(await countsOf('shop-door')).toEqual([30, 10]);
    await swap('start');
    expect(await countsOf('shop-door')).toEqual([10, 30]);
    await swap('now');
    expect(await countsOf('shop-door')).toEqual([10, 30]);
    await swap(new Date(sampleStart + 3_600_000).toISOString());
    await swap('2026-03-02T08:05:00Z');
    const { body } = await bed.ask('GET', `/v1/enrolments/${device}`, { authorization });
    expect(body).toMatchObject({ state: 'enrolled' });
    const future = await swap('2090-01-01T00:00:00Z');
    expect([future.status, future.body['type']]).toEqual([400, '/problems/invalid-request']);
  });
});

describe('configuration and enrolments', () => {
  test('an enrolment outlives every start, and a file that names another sensor is shown as a conflict', async () => {
    const { secret, device } = await enrol();
    await bed.gateway.close();
    const sensors = [{ device: 'shop-1', sensor: 'door' }];
    const config = {
      http: { port: 0, tls: true },
      broker: { kind: 'embedded', port: 0, tls: true },
      sites: [{ id: 'shop', name: 'Shop', lines: [{ ...lines[0], sensors }, lines[1]] }],
    };
    const again = await openGatewayBed({ config, dataDirectory: bed.dataDirectory, now: () => nowMs });
    const asked = await askOver(new URL('/v1/enrolments', again.gateway.url), 'GET', {
      authorization: bed.technician,
    });
    expect(asked.body).toMatchObject({
      enrolments: [
        { device: 'shop-1', assigned: [{ line: 'shop-door', until: expect.any(String) }] },
        { device, state: 'enrolled', assigned: [{ line: 'shop-door', until: null }] },
      ],
      conflicts: [{ kind: 'configuration-set-aside', subject: 'shop-door: shop-1/door' }],
    });
    const client = await connectAsync(again.gateway.brokerUrl, {
      ...{ username: device, password: secret, clientId: device, reconnectPeriod: 0 },
      rejectUnauthorized: false,
    });
    expect(client.connected).toBe(true);
    await client.endAsync();
    await again.close();
  });
});

describe('over plain HTTP', () => {
  test('claims are taken within this machine, and passwords work without a restart', async () => {
    const plain = await openEnrolmentBed({
      config: { http: { port: 0 }, broker: { kind: 'embedded', port: 0 } },
    });
    const ask = (path: string, body: object, authorization: string) =>
      fetch(`${plain.gateway.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify(body),
      }).then((answer) => answer.json() as Promise<{ code: string; device: string }>);
    // Before anybody is enrolled the broker is open.
    const anybody = await openTestDevice(plain.gateway.brokerUrl, 'anybody');
    const cut = new Promise<void>((resolve) => anybody.client.once('close', () => resolve()));
    const { code } = await ask('/v1/enrolment-codes', { site: 'shop', line: 'shop-door' }, plain.technician);
    const secret = password();
    const { device } = await ask('/v1/enrolments', claimOf(code, secret), plain.technician);
    await cut;
    await anybody.close();
    const enrolled = await openTestDevice(plain.gateway.brokerUrl, device, secret);
    await enrolled.publish('counts', payload([crossing(1)]));
    await enrolled.receipted(1);
    await enrolled.close();
    await plain.close();
    rmSync(plain.dataDirectory, { recursive: true, force: true });
  });
});
