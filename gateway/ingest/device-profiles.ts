import { createHash } from 'node:crypto';
import { Compile } from 'typebox/compile';
import type { SiteProfile } from '../contract/site-profile.ts';
import { ToldProfile } from '../contract/told-profile.ts';
import type { RecordStore } from '../store/record-store.ts';

/** Record `device-profile`: its id is device and hash. */
export interface DeviceProfileBody {
  readonly device: string;
  readonly hash: string;
  readonly profile: SiteProfile;
}

export interface KeptProfile extends DeviceProfileBody {
  readonly receivedMs: number;
}

/** As many as a device keeps itself, twice: the oldest make room. */
const profilesPerDeviceMax = 100;
const validProfile = Compile(ToldProfile);

/** Site profiles as devices tell them: every version is kept, none is merged. */
export class DeviceProfiles {
  readonly #records: RecordStore;
  readonly #now: () => number;

  constructor(parts: { records: RecordStore; now: () => number }) {
    this.#records = parts.records;
    this.#now = parts.now;
  }

  /** Keeps what a device told; false where it is not what it says it is. */
  async take(device: string, told: unknown): Promise<boolean> {
    if (!validProfile.Check(told) || profileHash(told.profile) !== told.hash) return false;
    const { hash, profile } = told;
    const kept = await this.of(device);
    if (kept.some((version) => version.hash === hash)) return true;
    const body: DeviceProfileBody = { device, hash, profile };
    await this.#records.put([{ kind: 'device-profile', id: idOf(device, hash), body }], this.#now());
    for (const old of kept.slice(0, Math.max(0, kept.length + 1 - profilesPerDeviceMax))) {
      await this.#records.retire('device-profile', idOf(device, old.hash), this.#now());
    }
    return true;
  }

  /** The versions of a device, in the order in which they were told. */
  async of(device: string): Promise<KeptProfile[]> {
    const records = await this.#records.readRecords('device-profile');
    return records
      .map(({ body, recordedMs }) => ({ ...(body as DeviceProfileBody), receivedMs: recordedMs }))
      .filter((version) => version.device === device)
      .sort(
        (left, right) => left.receivedMs - right.receivedMs || left.profile.revision - right.profile.revision,
      );
  }
}

/** Revisions that a device has told twice with different contents: made apart from each other, by whom ever. */
export function forkedRevisions(kept: readonly KeptProfile[]): { revision: number; hashes: string[] }[] {
  const byRevision = Map.groupBy(kept, ({ profile }) => profile.revision);
  return [...byRevision]
    .filter(([, versions]) => versions.length > 1)
    .map(([revision, versions]) => ({ revision, hashes: versions.map(({ hash }) => hash) }));
}

const idOf = (device: string, hash: string): string => `${device} ${hash}`;

/** As the device computes it: first 64 bits of the SHA-256 over the profile with sorted keys. */
function profileHash(profile: SiteProfile): string {
  const sorted = JSON.stringify(profile, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
  return createHash('sha256').update(sorted).digest('hex').slice(0, 16);
}
