import type { DeviceStatus, LiveTotals } from '../../gateway/contract/device-status.ts';
import type { AgentClock } from '../clock/clock.ts';
import type { Link } from './link.ts';
import { birthMessage, liveMessage, willMessage } from './status.ts';
import type { Uplink } from './uplink.ts';

/** Running totals go out at this cadence, always (privacy.md, section 5). */
const liveSeconds = 5;
/** A changed status is told at most this often. */
const statusSecondsMin = 10;
/** How often the teller looks whether there is something to tell. */
const lookSeconds = 1;

export interface StatusTellerParts {
  readonly device: string;
  readonly uplink: Uplink;
  readonly link: Link;
  readonly clock: AgentClock;
  readonly status: () => DeviceStatus;
  readonly totals: () => LiveTotals['sensors'];
  /** The profile this device runs, told once a connection; null where there is none. */
  readonly profile?: string | null;
}

/** Says birth, changed status and running totals, and keeps the will up to date. */
export class StatusTeller {
  readonly #parts: StatusTellerParts;
  #told = '';
  #profileTold = false;
  #toldSeconds = Number.NEGATIVE_INFINITY;
  #liveSeconds = Number.NEGATIVE_INFINITY;

  constructor(parts: StatusTellerParts) {
    this.#parts = parts;
  }

  /** Runs until `signal` aborts. A broker that takes its time holds up nobody but this loop. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#tell();
      await this.#parts.clock.sleep(lookSeconds, signal);
    }
  }

  /** The last word before the link is closed on purpose. */
  async farewell(): Promise<void> {
    const { device, uplink, status } = this.#parts;
    await uplink.say('status', willMessage(device, status()).payload);
  }

  async #tell(): Promise<void> {
    const { uplink, link, clock, device, status, totals } = this.#parts;
    if (!uplink.isUp) {
      // The next connection begins with a birth, and its will says what is known by then.
      this.#told = '';
      this.#profileTold = false;
      link.setWill(willMessage(device, status()));
      return;
    }
    const now = clock.nowSeconds();
    if (now - this.#liveSeconds >= liveSeconds) {
      this.#liveSeconds = now;
      await uplink.say('live', liveMessage(totals()));
    }
    const birth = birthMessage(device, status()).payload;
    const isDue = this.#told === '' || now - this.#toldSeconds >= statusSecondsMin;
    const { profile } = this.#parts;
    if (!this.#profileTold && profile) this.#profileTold = await uplink.say('in-force', profile);
    if (birth === this.#told || !isDue || !(await uplink.say('status', birth))) return;
    this.#told = birth;
    this.#toldSeconds = now;
  }
}
