import type { EnrolmentClaim, SwapRequest } from '../contract/enrolment.ts';
import type { AssignmentRecord } from '../store/count-store.ts';
import type { GatewayStore } from '../store/gateway-store.ts';
import type { NewRecord } from '../store/record-store.ts';
import type { DeviceCredentialBody, DeviceCredentials } from './device-credentials.ts';
import { type AssignmentBody, assignmentId, isOpen } from './effective-setup.ts';
import type { EnrolmentCode, EnrolmentCodes } from './enrolment-codes.ts';
import { EnrolmentRefusal } from './enrolment-refusal.ts';
import { type ClaimPlan, changeMs, planClaim } from './plan-claim.ts';
import type { SetupKeeper, SetupState } from './setup-keeper.ts';

/** Who claims the same code at the same moment in another process wins once; then the code is used. */
const attemptsMax = 3;

export interface EnrolmentsParts {
  readonly store: GatewayStore;
  readonly keeper: SetupKeeper;
  readonly codes: EnrolmentCodes;
  readonly credentials: DeviceCredentials;
  readonly now: () => number;
}

/** A claim that was taken, now or before. */
export interface TakenClaim {
  readonly device: string;
  readonly code: EnrolmentCode;
  readonly replaced: string | null;
}

/**
 * Takes devices in, lets them go and turns them round. Everything that belongs together is written in
 * one transaction; the tables, the broker and the roll follow from it.
 */
export class Enrolments {
  readonly #parts: EnrolmentsParts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: EnrolmentsParts) {
    this.#parts = parts;
  }

  /** Takes a device in. Sent again by the same device it succeeds again. Throws an `EnrolmentRefusal`. */
  claim(claim: EnrolmentClaim): Promise<TakenClaim> {
    return this.#inTurn(async () => {
      for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
        const taken = await this.#claimOnce(claim);
        if (taken !== null) return taken;
      }
      throw new EnrolmentRefusal('code-used', 'Somebody else used this code at this very moment.');
    });
  }

  async #claimOnce(claim: EnrolmentClaim): Promise<TakenClaim | null> {
    const { store, keeper, codes, credentials, now } = this.#parts;
    const code = await codes.find(claim.code);
    await credentials.refresh();
    const before = code.body.claim;
    if (before !== null) return this.#again(claim, code);
    const nowMs = Math.max(now(), code.recordedMs + 1);
    if (code.body.expiresMs <= nowMs) throw new EnrolmentRefusal('code-expired', 'This code has expired.');
    const device = this.#nameFor(claim, code);
    const state = await keeper.read();
    const plan = planClaim(claim, { device, line: code.body.line, atMs: nowMs }, state.setup);
    const { passwordSha256, replaces } = claim;
    const used = { ...code.body, claim: { device, passwordSha256, atMs: nowMs } };
    const records: NewRecord[] = [
      { kind: 'enrolment-code', id: code.id, body: used },
      credentialRecord(device, passwordSha256),
      ...(replaces === undefined ? [] : [credentialRecord(replaces, null)]),
      ...assignmentRecords(plan, state, Math.floor(nowMs / changeMs) * changeMs),
    ];
    const condition = { kind: 'enrolment-code' as const, id: code.id, recordedMs: code.recordedMs };
    if (!(await store.putIf(records, nowMs, condition))) return null;
    const subject = `${device} at ${code.body.line}${replaces === undefined ? '' : ` instead of ${replaces}`}`;
    await this.#follow({ actor: `code:${code.id}`, action: 'device-enrolled', subject });
    return { device, code, replaced: replaces ?? null };
  }

  /** The same device asks again, because it never heard the answer or could not keep it. */
  async #again(claim: EnrolmentClaim, code: EnrolmentCode): Promise<TakenClaim> {
    const { credentials, keeper } = this.#parts;
    const { device, passwordSha256 } = code.body.claim!;
    if (passwordSha256 !== claim.passwordSha256) {
      throw new EnrolmentRefusal('code-used', `This code was used by "${device}". Ask for a new one.`);
    }
    if (credentials.hashOf(device) !== passwordSha256) {
      throw new EnrolmentRefusal('code-used', `"${device}" has been retired since. Ask for a new code.`);
    }
    // Whoever was killed between writing and putting in force has left that to us.
    await keeper.apply();
    return { device, code, replaced: claim.replaces ?? null };
  }

  #nameFor(claim: EnrolmentClaim, { body }: EnrolmentCode): string {
    const device = claim.device ?? body.device;
    if (body.named && device !== body.device) {
      throw new EnrolmentRefusal('device-taken', `This code is for a device named "${body.device}".`);
    }
    const hash = this.#parts.credentials.hashOf(device);
    // The very device may come with a second code for a second line.
    if (hash !== null && hash !== claim.passwordSha256) {
      throw new EnrolmentRefusal('device-taken', `There is a device named "${device}" already.`);
    }
    return device;
  }

  /** Lets a device go: its password dies at once, its time at every line ends, what it counted stays. */
  retire(device: string, actor: string): Promise<void> {
    return this.#inTurn(async () => {
      const { store, keeper, credentials, now } = this.#parts;
      await credentials.refresh();
      const state = await keeper.read();
      const ended = state.setup.assignments.filter((row) => row.device === device && isOpen(row));
      if (ended.length === 0 && credentials.hashOf(device) === null) {
        throw new EnrolmentRefusal('not-found', `"${device}" is not enrolled.`);
      }
      const nowMs = now();
      const records = assignmentRecords({ added: [], ended }, state, Math.floor(nowMs / changeMs) * changeMs);
      await store.put([credentialRecord(device, null), ...records], nowMs);
      await this.#follow({ actor, action: 'device-retired', subject: device });
    });
  }

  /** Exchanges in and out of a device's sensors at their lines, from a time on. Observed rows stay as they are. */
  swapDirection(device: string, { sensor, from }: SwapRequest, actor: string): Promise<void> {
    return this.#inTurn(async () => {
      const { store, keeper, now } = this.#parts;
      const state = await keeper.read();
      const rows = state.setup.assignments.filter(
        (row) =>
          row.device === device &&
          row.role !== 'witness' &&
          isOpen(row) &&
          (sensor ?? row.sensor) === row.sensor,
      );
      if (rows.length === 0) {
        throw new EnrolmentRefusal('not-found', `No sensor of "${device}" counts at a line now.`);
      }
      const nowMs = now();
      const records = rows.flatMap((row) => swapped(row, state, swapTime(from, nowMs)));
      await store.put(records, nowMs);
      const subject = `${device}${sensor === undefined ? '' : `/${sensor}`} from ${from}`;
      await this.#follow({ actor, action: 'direction-swapped', subject });
    });
  }

  /** The log last: it is what other processes look at. */
  async #follow(entry: { actor: string; action: string; subject: string }): Promise<void> {
    const { store, keeper, credentials, now } = this.#parts;
    await keeper.apply();
    await store.appendAudit({ atMs: now(), ...entry });
    await credentials.refresh();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

/** Null is the mark of a retired device, which also outlives a password in the configuration. */
function credentialRecord(device: string, passwordSha256: string | null): NewRecord {
  const body: DeviceCredentialBody = { passwordSha256 };
  return { kind: 'device-credential', id: device, body };
}

function assignmentRecords({ added, ended }: ClaimPlan, state: SetupState, endMs: number): NewRecord[] {
  const over = ended.map((row) => ({
    ...decidedBody(row, state),
    // One that began this very minute never counted.
    untilMs: Math.max(endMs, row.fromMs ?? endMs),
  }));
  return [...over, ...added].map(recordOf);
}

function recordOf(body: AssignmentBody): NewRecord {
  return { kind: 'assignment', id: assignmentId(body), body };
}

/** A row in force as the record that changes it: of the configuration's, or of an earlier enrolment. */
function decidedBody(row: AssignmentRecord, { decided }: SetupState): AssignmentBody {
  const id = assignmentId(row);
  const origin = decided.find((body) => assignmentId(body) === id)?.origin ?? 'configuration';
  return { ...row, origin };
}

function swapTime(from: SwapRequest['from'], nowMs: number): number {
  if (from === 'start') return Number.NEGATIVE_INFINITY;
  const atMs = from === 'now' ? nowMs : Date.parse(from);
  if (!(atMs <= nowMs)) throw new EnrolmentRefusal('invalid-request', 'from must not lie in the future.');
  return Math.floor(atMs / changeMs) * changeMs;
}

/** A row turned round as a whole, or cut in two at `fromMs`. */
function swapped(row: AssignmentRecord, state: SetupState, fromMs: number): NewRecord[] {
  const sign = row.sign === 1 ? (-1 as const) : (1 as const);
  const body = decidedBody(row, state);
  if (fromMs <= (row.fromMs ?? Number.NEGATIVE_INFINITY)) return [recordOf({ ...body, sign })];
  return [recordOf({ ...body, untilMs: fromMs }), recordOf({ ...body, origin: 'enrolment', sign, fromMs })];
}
