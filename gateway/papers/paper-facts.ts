import type { DeviceStatus } from '../contract/device-status.ts';
import type { LineKind, LineRole, Resolution } from '../contract/http-api.ts';
import type { ProtectionRule } from '../contract/protection.ts';
import type { SiteDetails } from '../contract/site-details.ts';

/** A device that has been silent for longer says nothing about what runs now. */
export const silentAfterMs = 24 * 3_600_000;

export type SensorKind = DeviceStatus['sensors'][number]['kind'];
export type WifiMode = DeviceStatus['wifiMode'];

/** What a device reports as running. */
export interface DeviceFacts {
  readonly device: string;
  /** `silent`: heard, but not within 24 hours; `never`: assigned to a line, and nothing was ever heard of it. */
  readonly standing: 'verified' | 'silent' | 'never';
  readonly lastHeardMs: number | null;
  readonly software: string | null;
  readonly wifiMode: WifiMode | null;
  readonly sensors: readonly {
    readonly sensor: string;
    readonly kind: SensorKind;
    readonly simulated: boolean;
  }[];
}

/** A line that is shared outside, as its grant says. */
export interface ShareFacts {
  readonly line: string;
  readonly audience: 'partner' | 'public';
  /** Null for every partner. */
  readonly partner: string | null;
  readonly resolution: Resolution;
  readonly fromMs: number;
  readonly untilMs: number | null;
}

export const insideRoles = ['operator', 'technician', 'trader', 'adviser'] as const;
export type InsideRole = (typeof insideRoles)[number];

/** Days for which each level is kept; null for ever. */
export interface RetentionFacts {
  readonly minutesDays: number | null;
  readonly quartersDays: number | null;
  readonly hoursDays: number | null;
  readonly daysDays: number | null;
}

/** Everything that papers say: what runs, as reported, and what is configured. */
export interface PaperFacts {
  readonly site: {
    readonly id: string;
    readonly name: string;
    readonly organisation: string;
    readonly town: string;
  };
  readonly timeZone: string;
  readonly privacy: NonNullable<SiteDetails['privacy']>;
  readonly lines: readonly { readonly name: string; readonly role: LineRole; readonly kind: LineKind }[];
  readonly devices: readonly DeviceFacts[];
  /** Series of others that stand at the site's lines. */
  readonly imports: readonly string[];
  readonly retention: RetentionFacts;
  readonly shares: readonly ShareFacts[];
  /** `open`: whoever reaches the address reads; else how many accounts and keys of each role see the site. */
  readonly readers: 'open' | Readonly<Record<InsideRole, number>>;
  readonly protection: ProtectionRule;
  /** Where the notice can be read, or null where nobody has said. */
  readonly noticeUrl: string | null;
  readonly generatedMs: number;
  readonly software: string;
}

export function unverifiedDevices(facts: PaperFacts): DeviceFacts[] {
  return facts.devices.filter(({ standing }) => standing !== 'verified');
}

/** Modes that verified devices run, each once, the mildest first. */
export function runningWifiModes(facts: PaperFacts): WifiMode[] {
  const running = facts.devices
    .filter(({ standing }) => standing === 'verified')
    .map(({ wifiMode }) => wifiMode);
  return (['off', 'rate', 'hashing'] as const).filter((mode) => running.includes(mode));
}

/** Kinds of sensors that verified devices report, each once. */
export function runningSensorKinds(facts: PaperFacts): SensorKind[] {
  const running = facts.devices.filter(({ standing }) => standing === 'verified');
  return [...new Set(running.flatMap(({ sensors }) => sensors.map(({ kind }) => kind)))].sort();
}
