import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandOf, runCommand } from '../../../gateway/commands/run-command.ts';
import { parseGatewayConfig } from '../../../gateway/config.ts';
import { parseEnrolmentText } from '../../../gateway/contract/enrolment.ts';
import { openGateway } from '../../../gateway/open-gateway.ts';
import { openSqliteCountStore } from '../../../gateway/store/sqlite/sqlite-count-store.ts';
import { admitted, crossing, minuteOf } from '../sample-intervals.ts';

let folder: string;
let database: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-command-'));
  database = join(folder, 'data', 'counts.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function* typed(text: string) {
  yield text;
}

/** Runs a command on the data of this test; what it prints. */
async function run(words: readonly string[], stdin = ''): Promise<string> {
  let printed = '';
  const stdout = { write: (text: string) => (printed += text) };
  const code = await runCommand([...words, '--data', join(folder, 'data')], { stdin: typed(stdin), stdout });
  expect(code).toBe(0);
  return printed;
}

async function fill(minutes: number): Promise<string> {
  const store = await openSqliteCountStore(database);
  await store.commitBatch(admitted(Array.from({ length: minutes }, (_, index) => crossing(index + 1))));
  const { id } = store;
  await store.close();
  return id;
}

const config = (changes: object = {}) =>
  parseGatewayConfig(
    {
      http: { port: 0 },
      broker: { kind: 'embedded', port: 0 },
      dataDirectory: join(folder, 'data'),
      sites: [
        {
          id: 'shop',
          name: 'Shop',
          lines: [{ id: 'shop-door', name: 'Door', sensors: [{ device: 'shop-1', sensor: 'door' }] }],
        },
      ],
      ...changes,
    },
    'test',
  );
const open = (changes: object = {}) =>
  openGateway({ config: config(changes), logger: pino({ level: 'silent' }) });

describe('key create', () => {
  test('prints one curl line that fetches last week as CSV and closes the gateway for everybody else', async () => {
    await fill(3);
    await (await open()).close();
    const printed = await run([
      'key',
      'create',
      '--partner',
      'Stadtmarketing Iserlohn',
      '--site',
      'shop',
      '--audience',
      'partner',
    ]);
    expect(printed).toContain('shared in hours: shop-door');
    const curl = /^curl -H "(.+)" "http:\/\/[^/]+(\/.+)"$/m.exec(printed)!;
    const [, header, path] = curl;
    const gateway = await open();
    const [name, value] = header!.split(': ');
    const answer = await fetch(`${gateway.url}${path}`, { headers: { [name!]: value! } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
    const lines = (await answer.text()).trim().split('\r\n');
    // Sixteen hours and a night a day, published: the key is a partner's.
    expect(lines).toHaveLength(1 + 7 * 17);
    expect(lines[1]).toContain(',published,');
    expect((await fetch(`${gateway.url}/v1/sites`)).status).toBe(401);
    await gateway.close();
    expect(await run(['key', 'list'])).toMatch(
      /partner of shop {2}Stadtmarketing Iserlohn .* last used 20\d\d-/,
    );
    const id = /^key ([0-9a-f]{8}) /m.exec(printed)![1]!;
    expect(await run(['key', 'revoke', id])).toBe(`key ${id} is revoked\n`);
    expect(await run(['key', 'list'])).toBe('');
  });
});

describe('a scope', () => {
  const sites = [
    { id: 'shop', name: 'Shop', organisation: 'Lange', town: 'Iserlohn' },
    { id: 'cafe', name: 'Café', organisation: 'Kaffee', town: 'Hemer' },
  ].map((site) => ({ ...site, lines: [{ id: `${site.id}-door`, name: 'Door' }] }));

  test('may be a town or an organisation, and the key sees its sites', async () => {
    await (await open({ sites })).close();
    const printed = await run([
      ...['key', 'create', '--partner', 'IHK', '--audience', 'adviser'],
      ...['--town', 'Hemer', '--organisation', 'Lange'],
    ]);
    expect(printed).toContain('adviser of Lange, Hemer');
    const authorization = /"Authorization: (Bearer [^"]+)"/.exec(printed)![1]!;
    const gateway = await open({ sites });
    const answer = await fetch(`${gateway.url}/v1/sites`, { headers: { authorization } });
    const { sites: found } = (await answer.json()) as { sites: { id: string }[] };
    expect(found.map(({ id }) => id)).toEqual(['shop', 'cafe']);
    await gateway.close();
  });

  test('of nothing, or of what there is not, is refused', async () => {
    await (await open({ sites })).close();
    const fails = async (words: string[], message: string) => {
      const all = [...words, '--data', join(folder, 'data')];
      let told = '';
      const stderr = { write: (text: string) => (told += text) };
      const streams = { stdin: typed('a long password'), stdout: { write: () => {} }, stderr };
      expect([await runCommand(all, streams), told]).toEqual([2, `${message}\n`]);
    };
    const missing = '--site ID, --organisation NAME or --town NAME is missing';
    await fails(['user', 'create', 'anna', '--role', 'trader'], missing);
    await fails(['key', 'create', '--partner', 'IHK'], missing);
    await fails(['user', 'create', 'anna', '--role', 'adviser', '--town', 'Hamm'], 'there is no town "Hamm"');
    await fails(['user', 'create', 'anna', '--role', 'trader', '--site', 'bar'], 'there is no site "bar"');
  });
});

describe('user create', () => {
  test('takes the password from stdin, and the user logs in with it', async () => {
    await (await open()).close();
    await run(['user', 'create', 'anna', '--role', 'trader', '--site', 'shop'], 'ein langes Passwort\n');
    const gateway = await open();
    const login = (password: string) =>
      fetch(`${gateway.url}/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user: 'anna', password }),
      });
    expect((await login('ein langes Passwort')).status).toBe(200);
    expect((await login('ein anderes Passwort')).status).toBe(401);
    await gateway.close();
    expect(readFileSync(database).includes('langes Passwort')).toBe(false);
  });
});

describe('device add', () => {
  test('lets this device in with its password and nobody without, in the gateway that runs', async () => {
    const gateway = await open();
    const options = { reconnectPeriod: 0, connectTimeout: 3_000 };
    const anybody = await connectAsync(gateway.brokerUrl, options);
    const cut = new Promise<void>((resolve) => anybody.once('close', () => resolve()));
    const printed = await run(['device', 'add', 'shop-1']);
    const password = /password (\S+);/.exec(printed)![1]!;
    await cut;
    await anybody.endAsync(true);
    const client = await connectAsync(gateway.brokerUrl, { ...options, username: 'shop-1', password });
    expect(client.connected).toBe(true);
    const wrong = { ...options, username: 'shop-1', password: 'x' };
    await expect(connectAsync(gateway.brokerUrl, wrong)).rejects.toThrow(/not authori[sz]ed/i);
    await expect(connectAsync(gateway.brokerUrl, options)).rejects.toThrow(/not authori[sz]ed/i);
    // A second one works at once: the broker looks again before it refuses.
    const second = /password (\S+);/.exec(await run(['device', 'add', 'shop-2']))![1]!;
    const other = await connectAsync(gateway.brokerUrl, { ...options, username: 'shop-2', password: second });
    await other.endAsync();
    const lost = new Promise<void>((resolve) => client.once('close', () => resolve()));
    expect(await run(['device', 'retire', 'shop-1'])).toContain('shop-1 is retired');
    await lost;
    await client.endAsync(true);
    const dead = { ...options, username: 'shop-1', password };
    await expect(connectAsync(gateway.brokerUrl, dead)).rejects.toThrow(/not authori[sz]ed/i);
    await gateway.close();
  });
});

describe('enrol-code', () => {
  const create = ['enrol-code', 'create', '--site', 'shop', '--line', 'shop-door', '--url'];

  test('create prints one line and a QR code that carry address, code and fingerprint, and list forgets the code', async () => {
    await (await open()).close();
    const printed = await run([...create, 'https://counts.example:8443', '--tls']);
    const text = printed.split('\n').find((line) => line.startsWith('https://'))!;
    const parsed = parseEnrolmentText(text)!;
    expect(parsed).toMatchObject({
      url: 'https://counts.example:8443',
      pin: expect.stringMatching(/^.{43}$/),
    });
    expect(printed).toContain(`fingerprint of the key (SHA-256, base64url): ${parsed.pin}`);
    expect(printed.split('\n').filter((line) => /^[█▀▄ ]{20,}$/.test(line)).length).toBeGreaterThan(15);
    const listed = await run(['enrol-code', 'list']);
    expect(listed).toMatch(
      /^[0-9a-f]{8} {2}shop\/shop-door {2}shop-door-1 {2}open until 20.* by operator\n$/,
    );
    expect(listed).not.toContain(parsed.code);
    const id = listed.slice(0, 8);
    expect(await run(['enrol-code', 'revoke', id])).toBe(`code ${id} is revoked\n`);
    expect(await run(['enrol-code', 'list'])).toBe('');
  });

  test('device list and swap-direction show and turn what is in force', async () => {
    const gateway = await open();
    expect(await run(['device', 'list'])).toBe(
      'shop-1  no-password  shop-door (door, counts)  0 intervals missing\n',
    );
    await run(['device', 'swap-direction', 'shop-1']);
    expect(await run(['device', 'list'])).toContain('shop-door (door, counts, swapped)');
    expect(await run(['device', 'list'])).toContain(
      'conflict: configuration-overridden: shop-door: shop-1/door',
    );
    await gateway.close();
  });
});

describe('backup and restore', () => {
  test('bring back what was there, under a new id, and keep what was in its place', async () => {
    const id = await fill(60);
    const file = join(folder, 'backup', 'counts.backup');
    expect(await run(['backup', file])).toContain('1 sensors, 60 intervals, 180 in, 120 out');
    const store = await openSqliteCountStore(database);
    await store.commitBatch(admitted([crossing(61)]));
    await store.close();
    expect(await run(['restore', file])).toContain('60 intervals');
    const restored = await openSqliteCountStore(database);
    expect(restored.id).not.toBe(id);
    const [account] = await restored.readAccounts('shop-1');
    expect(account).toMatchObject({ through: 60, sent: 60 });
    // The device sends again what came after the backup.
    const again = await restored.commitBatch(admitted([crossing(60), crossing(61)]));
    expect(again).toMatchObject({ stored: 1, duplicates: 1 });
    await restored.close();
    const kept = readdirSync(join(folder, 'data')).find((name) => name.includes('before-restore'));
    expect(await run(['verify', join(folder, 'data', kept!)])).toContain('61 intervals');
  });

  test('work while the gateway runs', async () => {
    const gateway = await open();
    await fill(5);
    expect(await run(['backup', join(folder, 'running.backup')])).toContain('5 intervals');
    await gateway.close();
  });
});

describe('import', () => {
  test('of school holidays answers in the calendar of a site', async () => {
    const gateway = await open();
    const file = join(folder, 'nrw.ics');
    const event =
      'BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260330\r\nDTEND;VALUE=DATE:20260412\r\nSUMMARY:Osterferien\r\nEND:VEVENT';
    writeFileSync(file, `BEGIN:VCALENDAR\r\n${event}\r\nEND:VCALENDAR\r\n`);
    expect(await run(['import', 'school-holidays', file])).toBe('1 school holidays\n');
    const calendar = await (await fetch(`${gateway.url}/v1/sites/shop/calendar?year=2026`)).json();
    expect(calendar).toMatchObject({
      schoolHolidays: [{ name: 'Osterferien', from: '2026-03-30', to: '2026-04-11' }],
    });
    await gateway.close();
  });
});

describe('what cannot be done', () => {
  const root = join(import.meta.dirname, '../../..');
  const fails = (...words: string[]) => {
    const data = ['--data', join(folder, 'data')];
    const { status, stderr } = spawnSync(process.execPath, ['gateway/main.ts', ...words, ...data], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    return stderr;
  };

  // Four programs are started, one after the other.
  test('is one line on stderr and exit code 2', { timeout: 90_000 }, () => {
    mkdirSync(join(folder, 'data'));
    expect(fails('frobnicate')).toMatch(/"frobnicate" is no command/);
    expect(fails('key', 'create', '--partner', 'X', '--site', 'nowhere')).toMatch(
      /there is no site "nowhere"/,
    );
    const broken = join(folder, 'broken.sqlite');
    writeFileSync(
      broken,
      'this is not a database at all, and it is longer than one hundred bytes '.repeat(3),
    );
    expect(fails('restore', broken)).toMatch(/broken\.sqlite: file is not a database/);
    writeFileSync(join(folder, 'x.csv'), `Zeitstempel;Passanten;Location Name\r\n${minuteOf(1)};=1;x\r\n`);
    expect(fails('import', 'series', join(folder, 'x.csv'), '--format', 'wuerzburg')).toMatch(/^line 2: /);
  });

  test('flags start the gateway, words are commands', () => {
    expect(commandOf(['--port', '1'])).toBeNull();
    expect(commandOf([])).toBeNull();
    expect(commandOf(['backup', 'x'])).toEqual(['backup', 'x']);
  });
});
