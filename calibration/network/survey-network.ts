import { isSynchronized } from '../../edge-agent/clock/sync-evidence.ts';
import type { Machine } from '../../hardware/machine/machine.ts';
import { type Finding, finding } from '../scan/finding.ts';
import { type Reach, reachHost } from './reach-host.ts';

export type NetworkCode =
  | 'net-ethernet'
  | 'net-ethernet-unplugged'
  | 'net-lte'
  | 'net-lte-down'
  | 'net-wifi'
  | 'net-wifi-weak'
  | 'net-wifi-down'
  | 'net-address'
  | 'net-address-none'
  | 'net-address-link-local'
  | 'net-route-none'
  | 'gateway-reached'
  | 'gateway-unknown'
  | 'gateway-name-unknown'
  | 'gateway-refused'
  | 'gateway-silent'
  | 'time-synced'
  | 'time-unsynced';

/** Drivers of LTE sticks and boards under Linux (drivers/net/usb, drivers/net/wwan). */
const lteDrivers: ReadonlySet<string> = new Set([
  'qmi_wwan',
  'cdc_mbim',
  'cdc_ncm',
  'huawei_cdc_ncm',
  'cdc_ether',
  'rndis_host',
  'sierra_net',
  'iosm',
  'mtk_t7xx',
]);
/** ARPHRD_NONE and ARPHRD_RAWIP: modems without an Ethernet header (Linux, if_arp.h). */
const modemTypes: ReadonlySet<string> = new Set(['65534', '519']);
/** Below this quality NetworkManager shows one bar of four, and frames are often repeated. */
const weakPercent = 40;

export type LinkKind = 'ethernet' | 'lte' | 'wifi';

export interface NetworkLink {
  readonly name: string;
  readonly kind: LinkKind;
  readonly isUp: boolean;
}

/** The machine's ways out, by kind; bridges, tunnels and loopback are none. */
export async function networkLinks(machine: Machine): Promise<NetworkLink[]> {
  const links: NetworkLink[] = [];
  for (const name of await machine.list('/sys/class/net')) {
    const folder = `/sys/class/net/${name}`;
    const type = await machine.read(`${folder}/type`);
    const driver = /^DRIVER=(.+)$/m.exec((await machine.read(`${folder}/device/uevent`)) ?? '')?.[1];
    const isUp = (await machine.read(`${folder}/carrier`)) === '1';
    if ((await machine.list(`${folder}/phy80211`)).length > 0) links.push({ name, kind: 'wifi', isUp });
    else if (
      name.startsWith('wwan') ||
      (driver !== undefined && lteDrivers.has(driver)) ||
      modemTypes.has(type ?? '')
    ) {
      if (name.startsWith('wwan') || driver !== undefined) links.push({ name, kind: 'lte', isUp });
    } else if (type === '1' && driver !== undefined) links.push({ name, kind: 'ethernet', isUp });
  }
  return links;
}

/** What the WiFi says of itself; null where it is not connected. */
export interface WifiState {
  readonly name: string;
  readonly qualityPercent: number;
}

export function linkFindings(links: readonly NetworkLink[], wifi: WifiState | null): Finding<NetworkCode>[] {
  return links.map(({ name, kind, isUp }) => {
    const details = { interface: name };
    if (kind === 'ethernet')
      return finding(isUp ? 'net-ethernet' : 'net-ethernet-unplugged', isUp ? 'good' : 'hint', { details });
    if (kind === 'lte')
      return finding(isUp ? 'net-lte' : 'net-lte-down', isUp ? 'good' : 'hint', { details });
    if (!isUp || wifi === null) return finding('net-wifi-down', 'hint', { details });
    const signal = { ...details, name: wifi.name, percent: wifi.qualityPercent };
    if (wifi.qualityPercent < weakPercent) return finding('net-wifi-weak', 'bad', { details: signal });
    return finding('net-wifi', 'good', { details: signal });
  });
}

interface AddressRow {
  readonly ifname?: string;
  readonly addr_info?: readonly { readonly local?: string; readonly scope?: string }[];
}

/** Addresses and the way out, as `ip` tells them (ip-address(8), `-json`). */
export async function addressFindings(
  machine: Machine,
  links: readonly NetworkLink[],
): Promise<Finding<NetworkCode>[]> {
  const rows = parseJson<AddressRow[]>((await machine.run('ip', '-json', 'address'))?.stdout) ?? [];
  const names = new Set(links.map(({ name }) => name));
  const findings: Finding<NetworkCode>[] = [];
  for (const { ifname = '', addr_info = [] } of rows) {
    if (!names.has(ifname)) continue;
    for (const { local = '', scope } of addr_info) {
      if (local.startsWith('169.254.')) {
        findings.push(
          finding('net-address-link-local', 'bad', { details: { interface: ifname, address: local } }),
        );
      } else if (scope === 'global') {
        findings.push(finding('net-address', 'good', { details: { interface: ifname, address: local } }));
      }
    }
  }
  if (findings.length === 0) findings.push(finding('net-address-none', 'bad'));
  const routes =
    parseJson<unknown[]>((await machine.run('ip', '-json', 'route', 'show', 'default'))?.stdout) ?? [];
  if (routes.length === 0) findings.push(finding('net-route-none', 'bad'));
  return findings;
}

function parseJson<Value>(text: string | undefined): Value | null {
  try {
    return JSON.parse(text ?? '') as Value;
  } catch {
    return null;
  }
}

const reachCodes = {
  'name-unknown': 'gateway-name-unknown',
  refused: 'gateway-refused',
  silent: 'gateway-silent',
} as const satisfies Record<Exclude<Reach['kind'], 'reached'>, NetworkCode>;

/** Whether the gateway of a configuration answers at its port. */
export async function gatewayFindings(url: string | undefined): Promise<Finding<NetworkCode>[]> {
  if (url === undefined) return [finding('gateway-unknown', 'hint')];
  const { hostname, port, protocol } = new URL(url);
  const portNumber = port === '' ? (defaultPorts[protocol] ?? 443) : Number(port);
  const details = { host: hostname, port: portNumber };
  const reach = await reachHost(hostname, portNumber);
  if (reach.kind === 'reached') {
    return [
      finding('gateway-reached', 'good', { details: { ...details, milliseconds: reach.milliseconds } }),
    ];
  }
  return [finding(reachCodes[reach.kind], 'bad', { details })];
}

const defaultPorts: Readonly<Record<string, number>> = {
  'mqtt:': 1883,
  'mqtts:': 8883,
  'ws:': 80,
  'http:': 80,
};

/** Whether somebody keeps the clock; minutes without it are stamped by estimate. */
export async function timeFindings(): Promise<Finding<'time-synced' | 'time-unsynced'>[]> {
  if (await isSynchronized()) return [finding('time-synced', 'good')];
  return [finding('time-unsynced', 'bad', { mend: 'sudo timedatectl set-ntp true' })];
}
