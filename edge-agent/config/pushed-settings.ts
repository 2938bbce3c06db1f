import { isDeepStrictEqual } from 'node:util';
import { Compile } from 'typebox/compile';
import { type PushReport, SettingsPush } from '../../gateway/contract/device-settings.ts';
import type { SensorProfile, SiteProfile } from '../../gateway/contract/site-profile.ts';
import type { ProfileInForce } from './profile-in-force.ts';
import { judgePushedProfile } from './pushed-profile.ts';

/** What becomes of a push: what to tell of it, and the profile to keep where it is adopted. */
export interface JudgedPush {
  readonly report: PushReport;
  /** Null where the profile in force stays as it is. */
  readonly profile: SiteProfile | null;
}

const validPush = Compile(SettingsPush);
/** Hours of a year of exceptions fit in; what is longer is no push of ours. */
const pushBytesMax = 65_536;
const reasonCharactersMax = 200;

/** Judges what the topic `profile` brought: settings, or a whole profile. Never throws. */
export function judgePush(payload: Uint8Array, inForce: ProfileInForce): JudgedPush {
  const value = parse(payload);
  if (value === null || !Object.hasOwn(value, 'sensors')) return judgePushedSettings(payload, inForce);
  const judged = judgePushedProfile(payload, inForce);
  const told = (outcome: PushReport['outcome'], reason: string | null) => ({
    report: { id: null, outcome, reason: reason?.slice(0, reasonCharactersMax) ?? null },
    profile: judged.outcome === 'adopt' ? judged.profile : null,
  });
  if (judged.outcome === 'adopt' || judged.outcome === 'known') return told('adopted', null);
  return told(judged.outcome, judged.reason);
}

/**
 * Judges settings that the gateway pushed. They are adopted only on the very profile they were made
 * for; on another one that is a conflict, which is told and never merged. The retained message comes
 * again with every connection: settings in force are adopted already. Never throws.
 */
export function judgePushedSettings(payload: Uint8Array, inForce: ProfileInForce): JudgedPush {
  const value = parse(payload);
  const id = idOf(value);
  if (!validPush.Check(value)) {
    return { report: { id, outcome: 'unusable', reason: faultOf(value) }, profile: null };
  }
  const { parent, settings } = value;
  const adopted: PushReport = { id, outcome: 'adopted', reason: null };
  if (isDeepStrictEqual(inForce.profile?.settings, settings)) return { report: adopted, profile: null };
  if (parent !== inForce.hash) {
    const reason = `made for the profile ${parent}, in force is ${inForce.hash}`;
    return { report: { id, outcome: 'conflict', reason }, profile: null };
  }
  return { report: adopted, profile: withSettings(inForce, settings) };
}

/** The successor of the profile in force; a device without one gets a first that says nothing of sensors. */
function withSettings(inForce: ProfileInForce, settings: SettingsPush['settings']): SiteProfile {
  const { profile, hash } = inForce;
  if (profile === null) return { version: 1, revision: 1, parent: null, sensors: [], settings };
  return { ...profile, revision: profile.revision + 1, parent: hash, settings };
}

/**
 * The profile of one sensor under the settings in force: the gateway is master of the WiFi mode, so
 * it may switch a listener off or change how it listens. One that the profile does not name stays off.
 */
export function sensorProfileUnderSettings(
  profile: SiteProfile | null,
  sensor: string,
): SensorProfile | null {
  const named = profile?.sensors.find((entry) => entry.sensor === sensor) ?? null;
  const mode = profile?.settings?.wifiMode;
  if (named?.kind !== 'wifi-probe' || mode === undefined) return named;
  return mode === 'off' ? null : { ...named, mode };
}

function parse(payload: Uint8Array): object | null {
  if (payload.byteLength > pushBytesMax) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(payload));
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function idOf(value: object | null): string | null {
  const id = (value as { id?: unknown } | null)?.id;
  return typeof id === 'string' && /^[0-9a-f]{16}$/.test(id) ? id : null;
}

function faultOf(value: object | null): string {
  if (value === null) return 'not JSON, or too long';
  const [fault] = validPush.Errors(value);
  return `${fault?.instancePath || '/'} ${fault?.message ?? 'is no push'}`.slice(0, reasonCharactersMax);
}
