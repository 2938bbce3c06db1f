import type { RecordStore } from '../store/record-store.ts';

/** A device's right to connect: its name is the user name, its password random and kept as a hash. */
export interface ConfiguredCredential {
  readonly device: string;
  readonly passwordSha256: string;
}

/** Record `device-credential`: its id is the device; null for a device that was retired. */
export interface DeviceCredentialBody {
  readonly passwordSha256: string | null;
}

/** How soon a change that another process made is noticed: a command beside the running gateway. */
const lookMs = 1_000;
/** Everything is read again this often even where no change was noted, and after a fault. */
const looksBetweenReads = 60;
/** Wrong passwords ask for a fresh look, but not for more than this many a second. */
const refreshMsMin = 250;

/** Told which devices have lost the password they may be connected with. */
export type RevocationListener = (devices: readonly string[]) => void;

/**
 * Passwords of devices, in memory and up to date: those of the configuration and those that were
 * given away, by whatever process. A record wins over the configuration, also the one of a retired
 * device.
 */
export class DeviceCredentials {
  readonly #records: RecordStore;
  readonly #configured: readonly ConfiguredCredential[];
  readonly #listeners: RevocationListener[] = [];
  #hashes: ReadonlyMap<string, string | null> = new Map();
  #refreshing: Promise<void> | null = null;
  #turn: Promise<void> = Promise.resolve();
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #newestEntry = 0;
  #looks = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(records: RecordStore, configured: readonly ConfiguredCredential[]) {
    this.#records = records;
    this.#configured = configured;
  }

  /** Nobody has ever been given a password: then everybody may connect. */
  get isOpen(): boolean {
    return this.#hashes.size === 0;
  }

  /** SHA-256 of the device's password; null where it has none or is retired. */
  hashOf(device: string): string | null {
    return this.#hashes.get(device) ?? null;
  }

  isRetired(device: string): boolean {
    return this.#hashes.get(device) === null;
  }

  onRevoked(listener: RevocationListener): void {
    this.#listeners.push(listener);
  }

  /** Reads what is in force now; resolves when it is and whoever lost a password was told of. */
  refresh(): Promise<void> {
    // One after the other, so that what was read earlier never replaces what was read later.
    const turn = this.#turn.then(() => this.#read());
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #read(): Promise<void> {
    const before = this.#hashes;
    const records = await this.#records.readRecords('device-credential');
    const now = new Map<string, string | null>(
      this.#configured.map(({ device, passwordSha256 }) => [device, passwordSha256]),
    );
    for (const { id, body } of records) now.set(id, (body as DeviceCredentialBody).passwordSha256);
    this.#hashes = now;
    this.#refreshedAt = performance.now();
    const revoked = [...before].flatMap(([device, hash]) =>
      hash !== null && now.get(device) !== hash ? [device] : [],
    );
    if (before.size === 0 && now.size > 0) this.#tell([]);
    else if (revoked.length > 0) this.#tell(revoked);
  }

  /** `refresh` for whoever was not found: many at a time share one, and the store is not asked too often. */
  refreshSoon(): Promise<void> {
    this.#refreshing ??= this.#afterPause().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #afterPause(): Promise<void> {
    const pauseMs = this.#refreshedAt + refreshMsMin - performance.now();
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    await this.refresh();
  }

  #tell(devices: readonly string[]): void {
    for (const listener of this.#listeners) listener(devices);
  }

  /** Looks for changes of other processes until `close`; every change of a credential is in the audit log. */
  watch(failed: (cause: unknown) => void): void {
    this.#timer = setTimeout(() => {
      this.#look()
        .catch(failed)
        .finally(() => {
          if (this.#timer !== undefined) this.watch(failed);
        });
    }, lookMs);
  }

  async #look(): Promise<void> {
    const [newest] = await this.#records.readAudit({ limit: 1 });
    this.#looks += 1;
    const entry = newest?.entry ?? 0;
    if (entry === this.#newestEntry && this.#looks % looksBetweenReads !== 0) return;
    await this.refresh();
    this.#newestEntry = entry;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#refreshing?.catch(() => undefined);
    await this.#turn;
  }
}

/** Reads the passwords that are in force. Rejects with a `StoreError`. */
export async function openDeviceCredentials(
  records: RecordStore,
  configured: readonly ConfiguredCredential[],
): Promise<DeviceCredentials> {
  const credentials = new DeviceCredentials(records, configured);
  await credentials.refresh();
  return credentials;
}
