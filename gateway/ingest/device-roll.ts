/** Whether a device may deliver: `no-room` where the gateway knows as many as it can. */
export type Standing = 'admitted' | 'stranger' | 'no-room';

export type DevicePolicy = 'open' | 'known';

/** More devices than this in one town are an attack, and each one costs rows for ever. */
const devicesMax = 10_000;

/** Who has a password now, and who had one once: both change while the gateway runs. */
interface Passwords {
  hashOf(device: string): string | null;
  isRetired(device: string): boolean;
}

const noPasswords: Passwords = { hashOf: () => null, isRetired: () => false };

export interface DeviceRollParts {
  readonly policy: DevicePolicy;
  /** Devices that the configuration names. */
  readonly enrolled: Iterable<string>;
  /** Devices the store already has rows of. */
  readonly seen: Iterable<string>;
  readonly passwords?: Passwords;
}

/**
 * Who may deliver. Under `open` every device is enrolled by its first message; under `known` only
 * those that the configuration names or that have a password. A retired device is a stranger under
 * both.
 */
export class DeviceRoll {
  readonly #policy: DevicePolicy;
  readonly #enrolled: ReadonlySet<string>;
  readonly #seen: Set<string>;
  readonly #passwords: Passwords;

  constructor({ policy, enrolled, seen, passwords = noPasswords }: DeviceRollParts) {
    this.#policy = policy;
    this.#enrolled = new Set(enrolled);
    this.#seen = new Set(seen);
    this.#passwords = passwords;
  }

  standingOf(device: string): Standing {
    if (this.#passwords.isRetired(device)) return 'stranger';
    const enrolled = this.#enrolled.has(device) || this.#passwords.hashOf(device) !== null;
    if (!enrolled && !this.#seen.has(device)) {
      if (this.#seen.size >= devicesMax) return 'no-room';
      this.#seen.add(device);
    }
    return this.#policy === 'open' || enrolled ? 'admitted' : 'stranger';
  }
}
