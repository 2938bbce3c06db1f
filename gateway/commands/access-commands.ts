import { createHash, randomBytes } from 'node:crypto';
import { Compile } from 'typebox/compile';
import { SiteId } from '../contract/http-api.ts';
import { DeviceName } from '../contract/names.ts';
import type { GrantBody } from '../contract/records-api.ts';
import type { GatewayStore } from '../store/gateway-store.ts';
import { planSites } from '../values/site-plan.ts';
import { hashPassword, newToken, tokenHash } from '../web/access/credentials.ts';
import { type ApiKeyBody, type Role, roles, type UserBody } from '../web/access/principal.ts';
import { type Place, type Scope, scopeText, sitesOfScope } from '../web/access/scope.ts';
import { isGrantFor } from '../web/access/sight.ts';
import { type CommandContext, CommandError } from './run-command.ts';

type Context = CommandContext & { readonly store: GatewayStore };

const keyDaysByDefault = 365;
const passwordCharactersMin = 10;
const dayMs = 86_400_000;
const validSite = Compile(SiteId);
const validDevice = Compile(DeviceName);

/** `key create`: prints the token once, in a line that fetches last week. */
export async function keyCreate({ store, config, flags, print }: Context): Promise<void> {
  const name = flags['partner'] as string | undefined;
  if (!name) throw new CommandError('--partner NAME is missing: whom is the key for?');
  const audience = (flags['audience'] as string | undefined) ?? 'partner';
  const role = roleOf(audience === 'owner' ? 'trader' : audience);
  const plan = planSites(await store.readDirectory(), config.timeZone);
  const scope = scopeOf(flags, role, plan.sites);
  const sites = sitesOfScope(scope, plan.sites);
  const nowMs = Date.now();
  const token = newToken('psk');
  const id = randomBytes(4).toString('hex');
  const expiresMs = nowMs + daysOf(flags) * dayMs;
  const body: ApiKeyBody = { name, role, ...scope, tokenSha256: tokenHash(token), expiresMs };
  const shared = role === 'partner' || role === 'public' ? linesToShare(plan, sites) : [];
  const known = (await store.readRecords('grant')).map((record) => record.body as GrantBody);
  const grants = shared
    .filter((line) => !known.some((grant) => grant.line === line && isGrantFor(grant, { name, role })))
    .map((line) => grantOf(line, { name, role, key: id }));
  await store.put([{ kind: 'api-key', id, body }, ...grants], nowMs);
  await store.appendAudit({ atMs: nowMs, actor: 'operator', action: 'key-created', subject: id });
  for (const grant of grants) print(`shared in hours: ${grant.body.line} (grant ${grant.id})`);
  print(`key ${id} for ${name}, ${role} of ${scopeText(scope)}, until ${day(expiresMs)}; shown only now:`);
  print(curlLine({ config, site: sites === 'all' ? plan.sites[0]?.id : sites[0], token }));
}

function linesToShare(plan: ReturnType<typeof planSites>, sites: 'all' | readonly string[]): string[] {
  return plan.lines
    .filter(({ site, kind }) => kind === 'crossing' && (sites === 'all' || sites.includes(site)))
    .map(({ id }) => id);
}

function grantOf(line: string, to: { name: string; role: Role; key: string }) {
  const audience = to.role === 'public' ? ('public' as const) : ('partner' as const);
  const partner = audience === 'partner' ? { partner: to.name } : {};
  const from = '2020-01-01T00:00:00Z';
  const body: GrantBody = { line, audience, ...partner, resolution: '1h', from };
  return { kind: 'grant' as const, id: `key-${to.key}-${line.replace('.', '-')}`.slice(0, 63), body };
}

function curlLine(of: { config: CommandContext['config']; site: string | undefined; token: string }): string {
  const { host, port } = of.config.http;
  const url = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}/v1/sites/${of.site}/counts.csv?period=last-week`;
  return `curl -H "Authorization: Bearer ${of.token}" "${url}"`;
}

/** `key list`. */
export async function keyList({ store, print }: Context): Promise<void> {
  const uses = new Map(
    (await store.readRecords('api-key-use')).map(({ id, body }) => [id, body as { on: string }]),
  );
  for (const { id, body } of await store.readRecords('api-key')) {
    const { name, role, expiresMs, ...scope } = body as ApiKeyBody;
    const used = uses.get(id)?.on ?? 'never';
    print(`${id}  ${role} of ${scopeText(scope)}  ${name}  until ${day(expiresMs)}  last used ${used}`);
  }
}

/** `key revoke ID`. */
export async function keyRevoke({ store, words, print }: Context): Promise<void> {
  const id = onlyWord(words, 'the id of a key');
  const nowMs = Date.now();
  if (!(await store.retire('api-key', id, nowMs))) throw new CommandError(`there is no key "${id}"`);
  await store.appendAudit({ atMs: nowMs, actor: 'operator', action: 'key-revoked', subject: id });
  print(`key ${id} is revoked`);
}

/** `user create NAME --role ROLE [--site ID …]`, the password on stdin so that no shell remembers it. */
export async function userCreate({ store, config, words, flags, stdin, print }: Context): Promise<void> {
  const id = onlyWord(words, 'the name of the user');
  if (!validSite.Check(id)) throw new CommandError(`"${id}" is not a name of small letters, digits and "-"`);
  const role = roleOf((flags['role'] as string | undefined) ?? '');
  let typed = '';
  for await (const part of stdin) typed += part;
  const password = typed.replace(/\r?\n$/, '');
  if (password.length < passwordCharactersMin) {
    throw new CommandError(`the password on stdin has less than ${passwordCharactersMin} characters`);
  }
  const plan = planSites(await store.readDirectory(), config.timeZone);
  const scope = scopeOf(flags, role, plan.sites);
  const body: UserBody = { name: id, role, ...scope, password: await hashPassword(password) };
  const nowMs = Date.now();
  await store.put([{ kind: 'user', id, body }], nowMs);
  await store.appendAudit({ atMs: nowMs, actor: 'operator', action: 'user-written', subject: id });
  print(`user ${id}, ${role} of ${scopeText(scope)}`);
}

/** `device add NAME`: a password for the embedded broker, shown once. */
export async function deviceAdd({ store, words, print }: Context): Promise<void> {
  const device = onlyWord(words, 'the name of the device');
  if (!validDevice.Check(device)) throw new CommandError(`"${device}" is not a name of a device`);
  const password = randomBytes(24).toString('base64url');
  const passwordSha256 = createHash('sha256').update(password).digest('hex');
  const nowMs = Date.now();
  await store.put([{ kind: 'device-credential', id: device, body: { passwordSha256 } }], nowMs);
  await store.appendAudit({ atMs: nowMs, actor: 'operator', action: 'device-added', subject: device });
  print(`user name ${device}, password ${password}; shown only now, in force within a second`);
}

function roleOf(text: string): Role {
  const role = roles.find((name) => name === text);
  if (role === undefined) throw new CommandError(`"${text}" is not one of ${roles.join(', ')}`);
  return role;
}

/** Sites, organisations and towns of the flags; all sites where none is named, which operators only may have. */
function scopeOf(flags: CommandContext['flags'], role: Role, places: readonly Place[]): Scope {
  const named = (flag: string) => (flags[flag] as string[] | undefined) ?? [];
  const [sites, organisations, towns] = [named('site'), named('organisation'), named('town')];
  if (sites.length + organisations.length + towns.length === 0) {
    if (role !== 'operator')
      throw new CommandError('--site ID, --organisation NAME or --town NAME is missing');
    return { sites: 'all' };
  }
  mustExist('site', sites, new Set(places.map(({ id }) => id)));
  mustExist('organisation', organisations, new Set(places.map(({ organisation }) => organisation)));
  mustExist('town', towns, new Set(places.map(({ town }) => town)));
  return {
    sites,
    ...(organisations.length > 0 ? { organisations } : {}),
    ...(towns.length > 0 ? { towns } : {}),
  };
}

/** An organisation or town without a name is none. */
function mustExist(what: string, named: readonly string[], known: ReadonlySet<string>): void {
  for (const name of named) {
    if (name === '' || !known.has(name)) throw new CommandError(`there is no ${what} "${name}"`);
  }
}

function daysOf(flags: CommandContext['flags']): number {
  const text = (flags['days'] as string | undefined) ?? String(keyDaysByDefault);
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new CommandError('--days is not a number of days');
  return Number(text);
}

function onlyWord(words: readonly string[], what: string): string {
  const [word, ...more] = words;
  if (word === undefined || more.length > 0) throw new CommandError(`name ${what}`);
  return word;
}

function day(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
