/** Whether a device may deliver: `no-room` where the gateway knows as many as it can. */
export type Standing = 'admitted' | 'stranger' | 'no-room';

export type DevicePolicy = 'open' | 'known';

/** More devices than this in one town are an attack, and each one costs rows for ever. */
const devicesMax = 10_000;

/**
 * Who may deliver. Under `open` every device is enrolled by its first message; under `known` only
 * those that the configuration names.
 */
export class DeviceRoll {
  readonly #policy: DevicePolicy;
  readonly #enrolled: ReadonlySet<string>;
  readonly #seen: Set<string>;

  /** `seen` are the devices the store already has rows of. */
  constructor(policy: DevicePolicy, enrolled: Iterable<string>, seen: Iterable<string>) {
    this.#policy = policy;
    this.#enrolled = new Set(enrolled);
    this.#seen = new Set(seen);
  }

  standingOf(device: string): Standing {
    if (!this.#enrolled.has(device) && !this.#seen.has(device)) {
      if (this.#seen.size >= devicesMax) return 'no-room';
      this.#seen.add(device);
    }
    return this.#policy === 'open' || this.#enrolled.has(device) ? 'admitted' : 'stranger';
  }
}
