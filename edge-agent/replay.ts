import {
  noProfileHash,
  type SensorProfile,
  type SiteProfile,
  type WifiSensorProfile,
} from '../gateway/contract/site-profile.ts';
import { openSensor } from '../hardware/open-sensor.ts';
import type { Sensor } from '../hardware/sensor.ts';
import type { Crossing, FlagSpan, Rejection } from './count/counter.ts';
import { presenceDefaults } from './count/create-presence-counter.ts';
import type { ClosedInterval } from './interval/closed-interval.ts';
import { type FindingObserver, Lane, laneStart } from './lane.ts';
import { type PresenceReplay, replayPresence } from './replay-presence.ts';

export interface ReplayOptions {
  readonly file: string;
  readonly profile?: SiteProfile;
  /** Which sensor of the profile; by default the only one of the recording's kind. */
  readonly sensor?: string;
  readonly wifi?: WifiReplayOptions;
  readonly signal?: AbortSignal;
}

/** How to listen to a capture; what is given wins over the profile. */
export interface WifiReplayOptions {
  readonly mode?: 'rate' | 'hashing';
  readonly windowSeconds?: number;
  readonly epsilon?: number;
  /** Makes the coins of mode `hashing` reproducible. */
  readonly seed?: number;
}

interface ReplayCommon {
  readonly sensor: string;
  readonly durationSeconds: number;
  readonly readings: number;
  readonly coverageSeconds: number;
  readonly flags: readonly string[];
}

interface CrossingReplay extends ReplayCommon {
  readonly totals: { readonly in: number; readonly out: number };
  readonly crossings: readonly Crossing[];
  readonly rejected: readonly Rejection[];
}

interface MotionReplay extends ReplayCommon {
  readonly totals: { readonly activations: number; readonly orderedIn: number; readonly orderedOut: number };
  readonly activeSeconds: number;
}

export type ReplayResult = CrossingReplay | MotionReplay | PresenceReplay;

/**
 * Plays a recording through the very code the agent runs, as fast as it can. Times are seconds from
 * the recording's start. Throws `SensorError` naming file, line and cause.
 */
export async function replayRecording(options: ReplayOptions): Promise<ReplayResult> {
  const wifi = wifiProfile(options);
  const config = { kind: 'recording', file: options.file, pace: 0, wifiMode: wifi.mode } as const;
  const sensor = await openSensor(config);
  try {
    if (sensor.description.kind === 'wifi-probe') {
      return await replayPresence(sensor, wifi, options.wifi?.seed);
    }
    return await replayLane(sensor, options);
  } finally {
    await sensor.close();
  }
}

async function replayLane(sensor: Sensor, options: ReplayOptions): Promise<ReplayResult> {
  const { description } = sensor;
  const found = new Findings();
  const lane = new Lane({
    slot: options.sensor ?? 'replay',
    description,
    profile: profileOf(options, description.kind),
    profileHash: noProfileHash,
    ...laneStart(description, { nowSeconds: 0, calendar: { trust: 'none' } }),
    observer: found,
  });
  const intervals: ClosedInterval[] = [];
  const signal = options.signal ?? new AbortController().signal;
  for await (const chunk of sensor.chunks(signal)) intervals.push(...lane.take(chunk));
  intervals.push(...lane.finish());
  return summary(lane, intervals, found);
}

/** The WiFi sensor of the profile, or what holds without one, with the given options over it. */
function wifiProfile(options: ReplayOptions): WifiSensorProfile {
  const { mode, windowSeconds, epsilon } = options.wifi ?? {};
  const profile = profileOf(options, 'wifi-probe');
  const base = profile?.kind === 'wifi-probe' ? profile : null;
  return {
    sensor: 'replay',
    kind: 'wifi-probe',
    ...presenceDefaults,
    ...base,
    mode: mode ?? base?.mode ?? 'rate',
    ...(windowSeconds === undefined ? {} : { windowSeconds }),
    ...(epsilon === undefined ? {} : { epsilon }),
  };
}

function profileOf(options: ReplayOptions, kind: string): SensorProfile | null {
  const candidates = (options.profile?.sensors ?? []).filter((sensor) => sensor.kind === kind);
  if (options.sensor !== undefined) return candidates.find(({ sensor }) => sensor === options.sensor) ?? null;
  return candidates.length === 1 ? candidates[0]! : null;
}

class Findings implements FindingObserver {
  readonly crossings: Crossing[] = [];
  readonly rejections: Rejection[] = [];
  readonly flags = new Set<string>();

  crossing(crossing: Crossing): void {
    this.crossings.push(crossing);
  }

  rejection(rejection: Rejection): void {
    this.rejections.push(rejection);
  }

  flag(span: FlagSpan): void {
    this.flags.add(span.flag);
  }
}

function summary(
  lane: Lane,
  intervals: readonly ClosedInterval[],
  found: Findings,
): CrossingReplay | MotionReplay {
  const common = {
    sensor: lane.description.kind,
    durationSeconds: rounded(lane.nowSeconds),
    readings: lane.readings,
    coverageSeconds: rounded(sum(intervals, ({ coverageSeconds }) => coverageSeconds)),
    flags: [...found.flags],
  };
  const motion = intervals.filter((interval) => interval.kind === 'motion');
  if (lane.kind === 'motion') {
    return {
      ...common,
      totals: {
        activations: sum(motion, ({ activations }) => activations),
        orderedIn: sum(motion, ({ orderedIn }) => orderedIn),
        orderedOut: sum(motion, ({ orderedOut }) => orderedOut),
      },
      activeSeconds: rounded(sum(motion, ({ activeSeconds }) => activeSeconds)),
    };
  }
  const counted = intervals.filter((interval) => interval.kind === 'crossing');
  const crossings = found.crossings.map((crossing) => ({
    ...crossing,
    atSeconds: rounded(crossing.atSeconds),
    confidence: rounded(crossing.confidence),
  }));
  const rejected = found.rejections.map(({ atSeconds, reason }) => ({
    atSeconds: rounded(atSeconds),
    reason,
  }));
  return {
    ...common,
    totals: { in: sum(counted, (interval) => interval.in), out: sum(counted, (interval) => interval.out) },
    crossings,
    rejected,
  };
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

/** Milliseconds: finer than any sensor's own time. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
