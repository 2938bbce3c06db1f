import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { codeAlphabet, codeSymbols, type EnrolmentCodeRequest } from '../contract/enrolment.ts';
import type { GatewayStore } from '../store/gateway-store.ts';
import { EnrolmentRefusal } from './enrolment-refusal.ts';
import type { SetupKeeper } from './setup-keeper.ts';

/** Record `enrolment-code`: its id says nothing of the code, which is known by hash only. */
export interface EnrolmentCodeBody {
  readonly codeSha256: string;
  readonly site: string;
  readonly line: string;
  readonly device: string;
  /** The device may have no other name. */
  readonly named: boolean;
  readonly createdBy: string;
  readonly expiresMs: number;
  /** Who has used it, and with which password: the same one may ask again. */
  readonly claim: { readonly device: string; readonly passwordSha256: string; readonly atMs: number } | null;
}

export interface EnrolmentCode {
  readonly id: string;
  readonly recordedMs: number;
  readonly body: EnrolmentCodeBody;
}

const hourMs = 3_600_000;
/** From the gateway to the ladder. */
const hoursByDefault = 1;
/** More at a time is no installation but an attack, and each claim compares with all of them. */
const codesMax = 1_000;
/** Kept for a while after its end, so that an interrupted enrolment can be finished and a late one be told why. */
const keptMs = 7 * 24 * hourMs;

/** Makes, finds and ends one-time codes. */
export class EnrolmentCodes {
  readonly #store: GatewayStore;
  readonly #keeper: SetupKeeper;
  readonly #now: () => number;

  constructor(parts: { store: GatewayStore; keeper: SetupKeeper; now: () => number }) {
    this.#store = parts.store;
    this.#keeper = parts.keeper;
    this.#now = parts.now;
  }

  /** Makes a code for one device at one line. Throws an `EnrolmentRefusal`; the code is told this once. */
  async create(
    request: EnrolmentCodeRequest,
    actor: string,
  ): Promise<EnrolmentCode & { readonly code: string }> {
    const { setup } = await this.#keeper.read();
    if (!setup.lines.some(({ id, site }) => id === request.line && site === request.site)) {
      throw new EnrolmentRefusal(
        'not-found',
        `There is no line "${request.line}" at site "${request.site}".`,
      );
    }
    const nowMs = this.#now();
    await this.#dropOld(nowMs);
    const codes = await this.all();
    if (codes.length >= codesMax) {
      throw new EnrolmentRefusal('invalid-request', `There are ${codesMax} codes already; revoke some.`);
    }
    const code = Array.from({ length: codeSymbols }, () => codeAlphabet[randomInt(codeAlphabet.length)]).join(
      '',
    );
    const id = randomBytes(4).toString('hex');
    const body: EnrolmentCodeBody = {
      codeSha256: hashOf(code),
      site: request.site,
      line: request.line,
      device: request.device ?? (await this.#freeName(request.line, codes)),
      named: request.device !== undefined,
      createdBy: actor,
      expiresMs: Math.round(nowMs + (request.hours ?? hoursByDefault) * hourMs),
      claim: null,
    };
    await this.#store.put([{ kind: 'enrolment-code', id, body }], nowMs);
    await this.#store.appendAudit({
      atMs: nowMs,
      actor,
      action: 'enrolment-code-created',
      subject: `${id} ${body.line}`,
    });
    return { id, recordedMs: nowMs, body, code };
  }

  async all(): Promise<EnrolmentCode[]> {
    const records = await this.#store.readRecords('enrolment-code');
    return records.map(({ id, recordedMs, body }) => ({ id, recordedMs, body: body as EnrolmentCodeBody }));
  }

  /** The code's record, used or not. Throws an `EnrolmentRefusal` where there is none. */
  async find(code: string): Promise<EnrolmentCode> {
    const hash = Buffer.from(hashOf(code), 'hex');
    const found = (await this.all()).find(({ body }) =>
      timingSafeEqual(Buffer.from(body.codeSha256, 'hex'), hash),
    );
    if (!found)
      throw new EnrolmentRefusal('code-unknown', 'There is no such code; it may have been revoked.');
    return found;
  }

  /** Ends a code at once. Throws an `EnrolmentRefusal` where there is none. */
  async revoke(id: string, actor: string): Promise<void> {
    const nowMs = this.#now();
    if (!(await this.#store.retire('enrolment-code', id, nowMs))) {
      throw new EnrolmentRefusal('not-found', `There is no code "${id}".`);
    }
    await this.#store.appendAudit({ atMs: nowMs, actor, action: 'enrolment-code-revoked', subject: id });
  }

  async #dropOld(nowMs: number): Promise<void> {
    for (const { id, body } of await this.all()) {
      if (body.expiresMs + keptMs < nowMs) await this.#store.retire('enrolment-code', id, nowMs);
    }
  }

  /** A name that nobody has had: the line's, with the next number. */
  async #freeName(line: string, codes: readonly EnrolmentCode[]): Promise<string> {
    const { devices, assignments } = await this.#store.readDirectory();
    const credentials = await this.#store.readRecords('device-credential');
    const used = new Set([
      ...[...devices, ...assignments].map(({ device }) => device),
      ...credentials.map(({ id }) => id),
      ...codes.map(({ body }) => body.device),
    ]);
    const stem = line.replaceAll('.', '-').slice(0, 56);
    for (let number = 1; ; number += 1) {
      const name = `${stem}-${number}`;
      if (!used.has(name)) return name;
    }
  }
}

/** 100 random bits need no salt and no slow hash. */
function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
