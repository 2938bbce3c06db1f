import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { terseFields } from './terse-fields.ts';

// node-wifi brings no types.
const require = createRequire(import.meta.url);

/** A network within reach. `name` is null for one that hides it. */
export interface VisibleNetwork {
  readonly name: string | null;
  readonly address: string;
  readonly channel: number;
  readonly qualityPercent: number;
  /** As NetworkManager names it, for example `WPA2`; empty for an open network. */
  readonly security: string;
}

/** Whether the machine is in a network, and which. */
export type UplinkState =
  | { readonly kind: 'disconnected' }
  | {
      readonly kind: 'connected';
      readonly name: string;
      readonly interface: string;
      readonly qualityPercent: number;
    };

type WifiUplinkErrorCode =
  | 'program-missing'
  | 'not-running'
  | 'no-wifi'
  | 'not-found'
  | 'wrong-password'
  | 'failed';

export class WifiUplinkError extends Error {
  readonly code: WifiUplinkErrorCode;
  constructor(code: WifiUplinkErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WifiUplinkError';
    this.code = code;
  }
}

interface NodeWifiNetwork {
  readonly ssid: string;
  readonly bssid: string;
  readonly channel: number;
  readonly quality: number;
  readonly security: string;
  readonly iface?: string;
}

interface NodeWifi {
  init(options: { iface: string | null }): void;
  scan(): Promise<NodeWifiNetwork[]>;
  getCurrentConnections(): Promise<NodeWifiNetwork[]>;
  connect(network: { ssid: string; password: string }): Promise<void>;
}

/** Scanning takes a few seconds; NetworkManager gives up connecting after ten by node-wifi's wish. */
const commandTimeoutMs = 20_000;
/** The standard's limit of a network name in bytes. */
const nameBytesMax = 32;

/**
 * The WiFi connection of the machine itself, through node-wifi and NetworkManager's `nmcli`. node-wifi
 * cuts names at colons, so names come from a question of our own, by the network's address.
 */
export class WifiUplink {
  readonly #wifi: NodeWifi;
  readonly #interface: string | null;

  constructor(options: { readonly interface?: string } = {}) {
    this.#wifi = require('node-wifi') as NodeWifi;
    this.#interface = options.interface ?? null;
  }

  /** The network that the machine is in. Throws `WifiUplinkError`. */
  async state(): Promise<UplinkState> {
    const [connection] = await this.#ask((wifi) => wifi.getCurrentConnections());
    if (connection === undefined) return { kind: 'disconnected' };
    const names = await this.#names();
    return {
      kind: 'connected',
      name: names.get(connection.bssid) ?? connection.ssid,
      interface: connection.iface ?? '',
      qualityPercent: connection.quality,
    };
  }

  /** Networks within reach, the strongest first. Throws `WifiUplinkError`. */
  async list(): Promise<VisibleNetwork[]> {
    const scanned = await this.#ask((wifi) => wifi.scan());
    const radio = new Map(scanned.map((network) => [network.bssid, network]));
    const networks: VisibleNetwork[] = [];
    for (const fields of await this.#query()) {
      const [name = '', address = '', channel, quality, security = ''] = fields;
      // Where node-wifi split the name its columns are shifted: then its numbers are no numbers.
      const known = radio.get(address);
      const isShifted = known === undefined || known.ssid !== name || !Number.isFinite(known.quality);
      networks.push({
        name: name === '' ? null : name,
        address,
        channel: isShifted ? Number(channel) : known.channel,
        qualityPercent: isShifted ? Number(quality) : known.quality,
        security: isShifted ? security : known.security,
      });
    }
    return networks.sort((one, other) => other.qualityPercent - one.qualityPercent);
  }

  /**
   * Joins a network, open where no password is given, and stays in it after a reboot. Throws
   * `WifiUplinkError`; the password is in no message.
   */
  async join(network: { readonly name: string; readonly password?: string }): Promise<void> {
    const { name, password } = network;
    const bytes = Buffer.byteLength(name);
    if (bytes === 0 || bytes > nameBytesMax || name.startsWith('-')) {
      throw new WifiUplinkError('not-found', `"${name}" is no network name (1 to ${nameBytesMax} bytes)`);
    }
    if (password === undefined || password === '') {
      // node-wifi always passes a password, which nmcli refuses for an open network.
      await this.#run(['-w', '10', 'device', 'wifi', 'connect', name, ...this.#onInterface()]);
      return;
    }
    await this.#ask((wifi) => wifi.connect({ ssid: name, password }), password);
  }

  #onInterface(): string[] {
    return this.#interface === null ? [] : ['ifname', this.#interface];
  }

  /** Names by address, as nmcli escapes them. */
  async #names(): Promise<Map<string, string>> {
    return new Map((await this.#query()).map(([name = '', address = '']) => [address, name]));
  }

  async #query(): Promise<string[][]> {
    const fields = ['--terse', '--escape', 'yes', '--fields', 'ssid,bssid,chan,signal,security'];
    const output = await this.#run([...fields, 'device', 'wifi', 'list', ...this.#onInterface()]);
    return output
      .split('\n')
      .filter((line) => line !== '')
      .map(terseFields);
  }

  async #run(parameters: readonly string[]): Promise<string> {
    try {
      const { stdout } = await promisify(execFile)('nmcli', [...parameters], { timeout: commandTimeoutMs });
      return stdout;
    } catch (cause) {
      throw uplinkError(cause);
    }
  }

  async #ask<T>(question: (wifi: NodeWifi) => Promise<T>, secret = ''): Promise<T> {
    try {
      this.#wifi.init({ iface: this.#interface });
      return await question(this.#wifi);
    } catch (cause) {
      throw uplinkError(cause, secret);
    }
  }
}

/** `secret` is struck out: node-wifi's errors repeat the whole command line. */
function uplinkError(cause: unknown, secret = ''): WifiUplinkError {
  const failure = cause as NodeJS.ErrnoException & { readonly stderr?: string };
  if (failure.code === 'ENOENT') {
    const advice = 'install network-manager, or configure the network by hand';
    return new WifiUplinkError('program-missing', `nmcli is missing: ${advice}`);
  }
  const said = `${failure.stderr ?? ''}\n${failure.message ?? failure}`;
  const line = said.match(/^Error: (.*)$/m)?.[1] ?? said.trim().split('\n').at(-1)!;
  const shown = secret === '' ? line : line.replaceAll(secret, '…');
  if (/not running/i.test(said)) return new WifiUplinkError('not-running', `NetworkManager: ${shown}`);
  if (/no wi-?fi device/i.test(said)) return new WifiUplinkError('no-wifi', `NetworkManager: ${shown}`);
  if (/no network with ssid/i.test(said)) return new WifiUplinkError('not-found', `NetworkManager: ${shown}`);
  if (/secrets were required|802-11-wireless-security/i.test(said)) {
    return new WifiUplinkError('wrong-password', `NetworkManager: ${shown}`);
  }
  return new WifiUplinkError('failed', `NetworkManager: ${shown}`);
}
