import { statfs } from 'node:fs/promises';
import type { AgentConfig } from '../../edge-agent/config.ts';
import type { Machine } from '../../hardware/machine/machine.ts';
import { type Finding, finding } from '../scan/finding.ts';

export type HealthCode =
  | 'disk-good'
  | 'disk-full'
  | 'disk-missing'
  | 'disk-read-only'
  | 'card-worn'
  | 'card-good'
  | 'card-written'
  | 'temperature-good'
  | 'temperature-high'
  | 'voltage-good'
  | 'voltage-was-low'
  | 'voltage-low'
  | 'throttled';

/** The outbox of 400 days takes 200 MB, and a card that is full cannot level its wear. */
const freeBytesMin = 500_000_000;
/** The Pi slows down at 80 °C and more at 85 °C (Raspberry Pi documentation, "Frequency management"). */
const hotCelsius = 80;
/** `life_time` counts in tenths of the card's estimated life; from 9 on it is nearly used up. */
const wornTenths = 9;

/** Bits of `vcgencmd get_throttled` (Raspberry Pi documentation). */
const throttled = { lowNow: 1, slowNow: 4, lowBefore: 0x10000 } as const;

/** Looks at card, temperature and supply. */
export async function surveyHealth(machine: Machine, config: AgentConfig): Promise<Finding<HealthCode>[]> {
  return [
    ...(await disk(machine, config.stateDir)),
    ...(await card(machine)),
    ...(await temperature(machine)),
    ...(await voltage(machine)),
  ];
}

async function disk(machine: Machine, folder: string): Promise<Finding<HealthCode>[]> {
  const mounts = (await machine.read('/proc/mounts')) ?? '';
  const mount = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, point = '']) => point === '/' || folder === point || folder.startsWith(`${point}/`))
    .sort(([, one = ''], [, other = '']) => other.length - one.length)[0];
  // A card that fails is remounted read-only by the kernel.
  if (mount?.[3]?.split(',').includes('ro'))
    return [finding('disk-read-only', 'bad', { details: { folder } })];
  try {
    const { bavail, bsize } = await statfs(folder);
    const megabytes = Math.round((bavail * bsize) / 1e6);
    const details = { folder, megabytes };
    if (bavail * bsize >= freeBytesMin) return [finding('disk-good', 'good', { details })];
    return [
      finding('disk-full', 'bad', {
        details,
        mend: 'sudo apt-get clean && sudo journalctl --vacuum-size=50M',
      }),
    ];
  } catch {
    return [
      finding('disk-missing', 'bad', {
        details: { folder },
        mend: `sudo install -d -o passant -g passant ${folder}`,
      }),
    ];
  }
}

/** Wear as the card tells it (eMMC, some cards), else how much was ever written (ext4). */
async function card(machine: Machine): Promise<Finding<HealthCode>[]> {
  const findings: Finding<HealthCode>[] = [];
  for (const name of (await machine.list('/sys/block')).filter((one) => /^mmcblk\d+$/.test(one))) {
    // Two hexadecimal numbers, of both kinds of its cells.
    const life = await machine.read(`/sys/block/${name}/device/life_time`);
    const tenths = Math.max(0, ...(life?.split(/\s+/).map(Number) ?? [0]));
    if (tenths > 0) {
      const details = { card: name, percent: Math.min(100, tenths * 10) };
      findings.push(
        tenths >= wornTenths
          ? finding('card-worn', 'bad', { details })
          : finding('card-good', 'good', { details }),
      );
      continue;
    }
    for (const partition of (await machine.list('/sys/fs/ext4')).filter((one) => one.startsWith(name))) {
      const kilobytes = Number(await machine.read(`/sys/fs/ext4/${partition}/lifetime_write_kbytes`));
      if (!Number.isFinite(kilobytes)) continue;
      const details = { card: partition, gigabytes: Math.round(kilobytes / 1e6) };
      findings.push(finding('card-written', 'good', { details }));
    }
  }
  return findings;
}

async function temperature(machine: Machine): Promise<Finding<HealthCode>[]> {
  const text = await machine.read('/sys/class/thermal/thermal_zone0/temp');
  if (text === null || !/^-?\d+$/.test(text)) return [];
  const celsius = Math.round(Number(text) / 1000);
  const details = { celsius };
  return [
    celsius >= hotCelsius
      ? finding('temperature-high', 'bad', { details })
      : finding('temperature-good', 'good', { details }),
  ];
}

async function voltage(machine: Machine): Promise<Finding<HealthCode>[]> {
  const answer = /throttled=(0x[0-9a-f]+)/i.exec(
    (await machine.run('vcgencmd', 'get_throttled'))?.stdout ?? '',
  );
  if (answer === null) return [];
  const bits = Number(answer[1]);
  if (bits & throttled.lowNow) return [finding('voltage-low', 'bad')];
  if (bits & throttled.slowNow) return [finding('throttled', 'bad')];
  if (bits & throttled.lowBefore) return [finding('voltage-was-low', 'bad')];
  return [finding('voltage-good', 'good')];
}
