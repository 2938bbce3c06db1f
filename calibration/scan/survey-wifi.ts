import type { Machine } from '../../hardware/machine/machine.ts';
import { type Finding, finding } from './finding.ts';
import { installCommand } from './mending.ts';

export type WifiCode =
  | 'wifi-none'
  | 'wifi-iw-missing'
  | 'wifi-monitor'
  | 'wifi-monitor-capable'
  | 'wifi-no-monitor'
  | 'wifi-uplink'
  | 'wifi-blocked'
  | 'wifi-tcpdump-missing';

/** ARPHRD_IEEE80211_RADIOTAP: an interface in monitor mode (Linux, if_arp.h). */
const monitorType = '803';

/** Looks at WiFi adapters: which is the uplink, and which could listen for probe requests. */
export async function surveyWifi(machine: Machine): Promise<Finding<WifiCode>[]> {
  const interfaces: string[] = [];
  for (const name of await machine.list('/sys/class/net')) {
    const type = await machine.read(`/sys/class/net/${name}/type`);
    const isWireless =
      (await machine.list(`/sys/class/net/${name}/phy80211`)).length > 0 || type === monitorType;
    if (isWireless) interfaces.push(name);
  }
  if (interfaces.length === 0) return [finding('wifi-none', 'hint')];
  const findings: Finding<WifiCode>[] = [];
  if (/:\s*Soft blocked: yes/i.test((await machine.run('rfkill', 'list', 'wifi'))?.stdout ?? '')) {
    findings.push(finding('wifi-blocked', 'bad', { mend: 'sudo rfkill unblock wifi' }));
  }
  const radios = await machine.run('iw', 'phy');
  if (radios === null) findings.push(finding('wifi-iw-missing', 'hint', { mend: installCommand('iw') }));
  for (const name of interfaces) findings.push(await surveyInterface(machine, name, radios?.stdout ?? null));
  const listens = findings.some(({ code }) => code === 'wifi-monitor' || code === 'wifi-monitor-capable');
  if (listens && (await machine.run('tcpdump', '--version')) === null) {
    findings.push(finding('wifi-tcpdump-missing', 'bad', { mend: installCommand('tcpdump') }));
  }
  return findings;
}

async function surveyInterface(
  machine: Machine,
  name: string,
  radios: string | null,
): Promise<Finding<WifiCode>> {
  const details = { interface: name };
  if ((await machine.read(`/sys/class/net/${name}/type`)) === monitorType) {
    return finding('wifi-monitor', 'good', { details, source: { kind: 'wifi-probe', interface: name } });
  }
  // Whoever carries the uplink must not be turned into a listener.
  if ((await machine.read(`/sys/class/net/${name}/carrier`)) === '1')
    return finding('wifi-uplink', 'good', { details });
  const phy = await machine.read(`/sys/class/net/${name}/phy80211/name`);
  if (phy === null || radios === null || !canMonitor(radios, phy))
    return finding('wifi-no-monitor', 'hint', { details });
  const monitor = `${name}mon`.slice(0, 15);
  return finding('wifi-monitor-capable', 'hint', {
    details,
    mend: `sudo iw dev ${name} interface add ${monitor} type monitor && sudo ip link set ${monitor} up`,
  });
}

/** Whether `iw phy` lists "monitor" among the modes of a radio. */
function canMonitor(radios: string, phy: string): boolean {
  const section = radios.split(/^Wiphy /m).find((part) => part.startsWith(`${phy}\n`));
  return section !== undefined && /Supported interface modes:[\s\S]*?\* monitor\b/.test(section);
}
