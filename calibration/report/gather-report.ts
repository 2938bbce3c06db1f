import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SlotConfig } from '../../edge-agent/config.ts';
import type { DistanceSensorProfile } from '../../gateway/contract/site-profile.ts';
import { judgeAgain } from '../audit/judge-again.ts';
import { readTapFile, tapFileOf } from '../audit/tap-file.ts';
import type { Site } from '../site/open-site.ts';
import type { ReportedSensor, ReportedWalkTest, SensorHealth } from './report-contents.ts';
import { sha256 } from './signed-report.ts';

/** What is known of a slot: its settings, what was learned, how it was tested. */
export async function gatherSensor(
  site: Site,
  slot: SlotConfig,
  health: SensorHealth | null,
): Promise<ReportedSensor> {
  const known = site.inForce.profile?.sensors.find(({ sensor }) => sensor === slot.sensor) ?? null;
  const profile = known !== null && 'zones' in known ? known : null;
  const wifi = known !== null && 'mode' in known ? known.mode : null;
  const { kind, ...source } = slot.source;
  const isShown = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
  const shown = Object.entries(source).filter(([, value]) => isShown(value));
  return {
    sensor: slot.sensor,
    kind,
    settings: Object.fromEntries(shown.map(([name, value]) => [name, String(value)])),
    profile,
    wifi,
    health,
    simulated: 'emulated' in source && source.emulated !== undefined,
    walkTest: profile === null ? null : await lastWalkTest(site, slot.sensor, profile),
    spacingMm: 'spacingMm' in source && typeof source.spacingMm === 'number' ? source.spacingMm : null,
  };
}

/**
 * The test that the profile in force tells of, judged anew from its recording; without the recording
 * there is nothing to show but the numbers in the profile, and the report says that it was not tested.
 */
async function lastWalkTest(
  site: Site,
  sensor: string,
  profile: DistanceSensorProfile,
): Promise<ReportedWalkTest | null> {
  const record = profile.walkTest;
  const folder = join(site.config.stateDir, 'recordings');
  if (record === undefined || !existsSync(folder)) return null;
  for (const entry of readdirSync(folder).sort().reverse()) {
    const file = join(folder, entry);
    if (!entry.endsWith('.ndjson') || !existsSync(tapFileOf(file))) continue;
    if (readTapFile(file).sensor !== sensor) continue;
    const { finished, startedAt } = await judgeAgain(file, profile);
    if (`${startedAt.slice(0, 19)}Z` !== record.at) continue;
    const { result, engine, seconds } = finished;
    const recordingSha256 = sha256(readFileSync(file));
    return { at: record.at, recording: basename(file), recordingSha256, seconds, engine, result };
  }
  return null;
}
