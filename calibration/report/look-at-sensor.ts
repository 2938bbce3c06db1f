import { Lane } from '../../edge-agent/lane.ts';
import { noProfileHash, type SensorProfile } from '../../gateway/contract/site-profile.ts';
import type { DistanceChunk } from '../../hardware/sensor.ts';
import type { SensorFeed } from '../site/sensor-feed.ts';
import type { SensorHealth } from './report-contents.ts';

/** Looks at a distance sensor for some seconds: how often it answers, how well, and what its watch says. */
export async function lookAtSensor(
  feed: SensorFeed,
  profile: SensorProfile | null,
  seconds: number,
): Promise<SensorHealth> {
  const flags = new Set<string>();
  const tally = {
    readings: 0,
    certain: 0,
    good: 0,
    ambient: 0,
    ambientKcps: 0,
    firstSeconds: Number.NaN,
    lastSeconds: 0,
  };
  let lane: Lane | null = null;
  for await (const chunk of feed.distances(AbortSignal.timeout(seconds * 1000))) {
    if (chunk.length === 0) continue;
    lane ??= new Lane({
      slot: feed.slot.sensor,
      description: feed.sensor.description,
      profile,
      profileHash: noProfileHash,
      startSeconds: chunk.atSeconds[0]!,
      calendar: { trust: 'none' },
      observer: { flag: ({ flag }) => flags.add(flag) },
    });
    lane.take(chunk);
    count(chunk, tally);
  }
  lane?.finish();
  const lasted = tally.lastSeconds - tally.firstSeconds;
  return {
    seconds,
    readingsPerSecond: lasted > 0 ? rounded((tally.readings - 1) / lasted) : 0,
    goodShare: tally.certain === 0 ? 0 : rounded(tally.good / tally.certain),
    ambientKcps: tally.ambient === 0 ? null : rounded(tally.ambientKcps / tally.ambient),
    flags: [...flags],
  };
}

interface Tally {
  readings: number;
  certain: number;
  good: number;
  ambient: number;
  ambientKcps: number;
  firstSeconds: number;
  lastSeconds: number;
}

function count(chunk: DistanceChunk, tally: Tally): void {
  for (let at = 0; at < chunk.length; at++) {
    if (Number.isNaN(tally.firstSeconds)) tally.firstSeconds = chunk.atSeconds[at]!;
    tally.lastSeconds = chunk.atSeconds[at]!;
    tally.readings += 1;
    // 255: the driver cannot say which region it was; that is time lost and no bad distance.
    if (chunk.status[at] === 255) continue;
    tally.certain += 1;
    if (chunk.status[at] === 0) tally.good += 1;
    const ambient = chunk.ambientKcps?.[at];
    if (ambient === undefined || Number.isNaN(ambient)) continue;
    tally.ambient += 1;
    tally.ambientKcps += ambient;
  }
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
