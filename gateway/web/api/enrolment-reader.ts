import type { Assigned, Conflict, Enrolment, EnrolmentAnswer } from '../../contract/enrolment.ts';
import type { DeviceCredentials } from '../../enrolment/device-credentials.ts';
import type { TakenClaim } from '../../enrolment/enrolments.ts';
import type { SetupKeeper, SetupState } from '../../enrolment/setup-keeper.ts';
import { DeviceProfiles, forkedRevisions } from '../../ingest/device-profiles.ts';
import type { AssignmentRecord } from '../../store/count-store.ts';
import type { GatewayStore } from '../../store/gateway-store.ts';
import { completenessOf } from './device-reader.ts';
import { isoTime } from './iso-time.ts';

export interface EnrolmentReaderParts {
  readonly store: GatewayStore;
  readonly keeper: SetupKeeper;
  readonly credentials: DeviceCredentials;
  /** Devices that the configuration gives a password. */
  readonly configured: ReadonlySet<string>;
  readonly broker: () => EnrolmentAnswer['broker'];
}

/** Tells what the gateway knows of enrolled devices. */
export class EnrolmentReader {
  readonly #parts: EnrolmentReaderParts;

  constructor(parts: EnrolmentReaderParts) {
    this.#parts = parts;
  }

  /** Every device that is or was enrolled or assigned at sites that the caller sees, with all conflicts there. */
  async all(
    seesSite: (site: string) => boolean,
  ): Promise<{ enrolments: Enrolment[]; conflicts: Conflict[] }> {
    const { store, keeper } = this.#parts;
    const state = await keeper.read();
    const credentials = (await store.readRecords('device-credential')).map(({ id }) => id);
    const { configured } = this.#parts;
    const assigned = state.setup.assignments.map(({ device }) => device);
    const names = [...new Set([...credentials, ...configured, ...assigned])].sort();
    const enrolments: Enrolment[] = [];
    for (const name of names) {
      const enrolment = await this.#of(name, state);
      const sites = sitesOf(enrolment.assigned, state);
      if (sites.length === 0 ? seesSite('') : sites.some(seesSite)) enrolments.push(enrolment);
    }
    return { enrolments, conflicts: unique(enrolments.flatMap(({ conflicts }) => conflicts)) };
  }

  /** The sites at whose lines a device counts now. */
  async sitesOf(device: string): Promise<string[]> {
    const state = await this.#parts.keeper.read();
    const open = assignedOf(state.setup.assignments, device).filter(({ until }) => until === null);
    return sitesOf(open, state);
  }

  /** One device; null where nobody knows it. */
  async of(device: string): Promise<Enrolment | null> {
    const state = await this.#parts.keeper.read();
    const enrolment = await this.#of(device, state);
    return enrolment.state === 'no-password' && enrolment.assigned.length === 0 ? null : enrolment;
  }

  /** What a device is told when it has been taken in. */
  async answer({ device, code, replaced }: TakenClaim): Promise<EnrolmentAnswer> {
    const { setup } = await this.#parts.keeper.read();
    const site = setup.sites.find(({ id }) => id === code.body.site);
    return {
      device,
      site: code.body.site,
      siteName: site?.name ?? '',
      timeZone: site?.timeZone ?? 'Europe/Berlin',
      assigned: assignedOf(setup.assignments, device).filter(({ until }) => until === null),
      replaced,
      broker: this.#parts.broker(),
    };
  }

  async #of(device: string, state: SetupState): Promise<Enrolment> {
    const { store, credentials, configured } = this.#parts;
    const assigned = assignedOf(state.setup.assignments, device);
    const conflicts = state.conflicts.filter(({ subject }) => speaksOf(subject, device));
    const retired = credentials.isRetired(device);
    if (retired && configured.has(device)) {
      const detail = 'retired, but the configuration still names a password; it is dead all the same';
      conflicts.push({ kind: 'password-of-retired', subject: device, detail });
    }
    const kept = await new DeviceProfiles({ records: store, now: Date.now }).of(device);
    for (const { revision, hashes } of forkedRevisions(kept)) {
      const detail = `revision ${revision} was told with different contents: ${hashes.join(', ')}`;
      conflicts.push({ kind: 'profile-conflict', subject: device, detail });
    }
    const { devices } = await store.readDirectory();
    const record = devices.find((entry) => entry.device === device);
    const missing = record === undefined ? 0 : (await completenessOf(store, device)).totals.missing;
    return {
      device,
      state: retired ? 'retired' : credentials.hashOf(device) === null ? 'no-password' : 'enrolled',
      assigned,
      missing,
      profile: record?.status?.profile ?? null,
      profiles: kept.map(({ hash, profile, receivedMs }) => ({
        revision: profile.revision,
        hash,
        parent: profile.parent,
        receivedAt: isoTime(receivedMs),
        inForce: hash === record?.status?.profile,
      })),
      conflicts,
    };
  }
}

function assignedOf(rows: readonly AssignmentRecord[], device: string): Assigned[] {
  return rows
    .filter((row) => row.device === device)
    .map(({ line, sensor, role, lane, sign, fromMs, untilMs }) => ({
      ...{ line, sensor, role, lane, swapped: sign === -1 },
      from: fromMs === null ? null : isoTime(fromMs),
      until: untilMs === null ? null : isoTime(untilMs),
    }));
}

function sitesOf(assigned: readonly Assigned[], { setup }: SetupState): string[] {
  const lines = new Set(assigned.map(({ line }) => line));
  return [...new Set(setup.lines.filter(({ id }) => lines.has(id)).map(({ site }) => site))];
}

/** Subjects are `line: device/sensor`, `device/sensor` or the device. */
function speaksOf(subject: string, device: string): boolean {
  return (subject.split(': ').at(-1) ?? '').split('/')[0] === device;
}

function unique(conflicts: readonly Conflict[]): Conflict[] {
  return [...new Map(conflicts.map((conflict) => [JSON.stringify(conflict), conflict])).values()];
}
