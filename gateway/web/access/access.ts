import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { GrantBody } from '../../contract/records-api.ts';
import type { RecordStore } from '../../store/record-store.ts';
import { hashPassword, isPasswordOf, newToken, tokenHash } from './credentials.ts';
import type { ApiKeyBody, Principal, Role, SessionBody, UserBody } from './principal.ts';
import { type Place, type Scope, sitesOfScope } from './scope.ts';
import { isSecure } from './secure-request.ts';
import { Sight } from './sight.ts';

/** A working day; whoever is still there logs in again. */
const sessionMs = 12 * 3_600_000;
export const sessionCookie = 'passant_session';

/** `auto`: open to everybody for reading until there is a user or a key. */
export type AccessPolicy = 'auto' | 'closed';

/** Passwords of enrolled devices, by hash. */
export interface DevicePasswords {
  hashOf(device: string): string | null;
  refreshSoon(): Promise<void>;
}

/** Whoever asks an open gateway: reads everything, changes nothing. */
const anyone: Principal = { actor: 'anyone', name: 'anyone', role: 'operator', sites: 'all', csrf: null };

/** Finds out who asks, by key or session, and keeps sessions. */
export class Access {
  readonly #records: RecordStore;
  readonly #policy: AccessPolicy;
  readonly #now: () => number;
  readonly #places: () => Promise<readonly Place[]>;
  readonly #devices: DevicePasswords | null;
  readonly #sights = new WeakMap<FastifyRequest, Sight>();
  /** UTC day on which the last use of a key was noted, so that a key writes one row a day. */
  readonly #usesNoted = new Map<string, string>();

  /** `places` answers the sites that there are. */
  constructor(parts: {
    records: RecordStore;
    places: () => Promise<readonly Place[]>;
    policy: AccessPolicy;
    now: () => number;
    devices?: DevicePasswords | null;
  }) {
    this.#devices = parts.devices ?? null;
    this.#records = parts.records;
    this.#places = parts.places;
    this.#policy = parts.policy;
    this.#now = parts.now;
  }

  /** What the caller of a request sees; the guard has noted it. */
  sightOf(request: FastifyRequest): Sight {
    const sight = this.#sights.get(request);
    if (sight === undefined) throw new Error('a route asked for a caller that the guard has not let in');
    return sight;
  }

  /** Notes and returns what the caller sees; null where credentials are missing, wrong or spent. */
  async admit(request: FastifyRequest): Promise<Sight | null> {
    const principal = await this.#identify(request);
    if (principal === null) return null;
    const nowMs = this.#now();
    const records = await this.#records.readRecords('grant');
    const grants = records
      .map(({ body }) => body as GrantBody)
      .filter(({ until }) => until === undefined || Date.parse(until) > nowMs);
    const sight = new Sight(principal, grants);
    this.#sights.set(request, sight);
    return sight;
  }

  async #identify(request: FastifyRequest): Promise<Principal | null> {
    const { authorization } = request.headers;
    if (authorization?.toLowerCase().startsWith('basic ')) return this.#byDevice(request, authorization);
    if (authorization !== undefined) return this.#byKey(authorization);
    // Clients of hystreet send their key in a header of its own.
    const token = request.headers['x-api-token'];
    if (typeof token === 'string') return this.#byKey(`Bearer ${token}`);
    const cookie = sessionTokenOf(request);
    if (cookie !== null) {
      const principal = await this.#bySession(cookie);
      if (principal) return principal;
    }
    return (await this.isOpen()) ? anyone : null;
  }

  /** Open only where nobody has been given anything yet. */
  async isOpen(): Promise<boolean> {
    if (this.#policy === 'closed') return false;
    const [users, keys] = [
      await this.#records.readRecords('user'),
      await this.#records.readRecords('api-key'),
    ];
    return users.length + keys.length === 0;
  }

  /** A device by its name and the password that it has at the broker (RFC 7617), never in the clear. */
  async #byDevice(request: FastifyRequest, authorization: string): Promise<Principal | null> {
    if (this.#devices === null || !isSecure(request)) return null;
    const [, encoded] = /^Basic ([\w+/=]{1,400})$/i.exec(authorization) ?? [];
    const [device, password] = Buffer.from(encoded ?? '', 'base64')
      .toString('utf8')
      .split(':');
    if (device === undefined || password === undefined) return null;
    const isRight = () => sameText(this.#devices!.hashOf(device) ?? '', tokenHash(password));
    if (!isRight()) {
      await this.#devices.refreshSoon();
      if (!isRight()) return null;
    }
    return { actor: `device:${device}`, name: device, role: 'device', sites: [], csrf: null };
  }

  async #byKey(authorization: string): Promise<Principal | null> {
    const token = /^Bearer ([\w.-]{1,200})$/i.exec(authorization)?.[1];
    if (token === undefined) return null;
    const hash = tokenHash(token);
    for (const { id, body } of await this.#records.readRecords('api-key')) {
      const key = body as ApiKeyBody;
      if (!sameText(key.tokenSha256, hash) || key.expiresMs <= this.#now()) continue;
      await this.#noteUse(id);
      const sites = await this.sitesOf(key);
      return { actor: `key:${id}`, name: key.name, role: key.role, sites, csrf: null };
    }
    return null;
  }

  async #noteUse(id: string): Promise<void> {
    const today = new Date(this.#now()).toISOString().slice(0, 10);
    if (this.#usesNoted.get(id) === today) return;
    this.#usesNoted.set(id, today);
    await this.#records.put([{ kind: 'api-key-use', id, body: { on: today } }], this.#now());
  }

  async #bySession(cookie: string): Promise<Principal | null> {
    const id = tokenHash(cookie);
    const session = (await this.#records.readRecords('session')).find((record) => record.id === id);
    const { user, csrf, expiresMs } = (session?.body ?? {}) as Partial<SessionBody>;
    if (user === undefined || csrf === undefined || (expiresMs ?? 0) <= this.#now()) return null;
    const record = (await this.#records.readRecords('user')).find((candidate) => candidate.id === user);
    if (!record) return null;
    const { name, role, ...scope } = record.body as UserBody;
    return { actor: `user:${user}`, name, role, sites: await this.sitesOf(scope), csrf };
  }

  /** The sites of a scope as there are now; those who name none need not be looked up. */
  async sitesOf(scope: Scope): Promise<'all' | readonly string[]> {
    const named = (scope.organisations?.length ?? 0) + (scope.towns?.length ?? 0) > 0;
    return sitesOfScope(scope, named ? await this.#places() : []);
  }

  /** Opens a session; null where name or password is wrong, after the same time in both cases. */
  async login(user: string, password: string): Promise<{ token: string; csrf: string; role: Role } | null> {
    const record = (await this.#records.readRecords('user')).find(({ id }) => id === user);
    const stored = (record?.body as UserBody | undefined)?.password ?? (await unknownUsersHash);
    const right = await isPasswordOf(password, stored);
    if (!right || !record) return null;
    const token = newToken('pss');
    const csrf = newToken('csrf');
    const body: SessionBody = { user, csrf, expiresMs: this.#now() + sessionMs };
    await this.#dropExpired();
    await this.#records.put([{ kind: 'session', id: tokenHash(token), body }], this.#now());
    return { token, csrf, role: (record.body as UserBody).role };
  }

  async logout(request: FastifyRequest): Promise<void> {
    const cookie = sessionTokenOf(request);
    if (cookie !== null) await this.#records.retire('session', tokenHash(cookie), this.#now());
  }

  async #dropExpired(): Promise<void> {
    for (const { id, body } of await this.#records.readRecords('session')) {
      if ((body as SessionBody).expiresMs <= this.#now()) {
        await this.#records.retire('session', id, this.#now());
      }
    }
  }
}

/** Compared against where there is no such user, so that time does not tell. */
const unknownUsersHash = hashPassword(newToken('none'));

function sessionTokenOf(request: FastifyRequest): string | null {
  const cookies = (request.headers.cookie ?? '').split(';').map((part) => part.trim().split('='));
  return cookies.find(([name]) => name === sessionCookie)?.[1] ?? null;
}

/** Compares without telling by time where two texts differ. */
export function sameText(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
