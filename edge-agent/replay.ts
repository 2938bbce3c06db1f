import type { SiteProfile } from '../gateway/contract/site-profile.ts';
import { noProfileHash } from '../gateway/contract/site-profile.ts';
import { openSensor } from '../hardware/open-sensor.ts';
import type { Crossing, FlagSpan, Rejection } from './count/counter.ts';
import type { ClosedInterval } from './interval/closed-interval.ts';
import { type FindingObserver, Lane, laneStart } from './lane.ts';

export interface ReplayOptions {
  readonly file: string;
  readonly profile?: SiteProfile;
  /** Which sensor of the profile; by default the only one of the recording's kind. */
  readonly sensor?: string;
  readonly signal?: AbortSignal;
}

interface ReplayCommon {
  readonly sensor: string;
  readonly durationSeconds: number;
  readonly readings: number;
  readonly coverageSeconds: number;
  readonly flags: readonly string[];
}

export interface CrossingReplay extends ReplayCommon {
  readonly totals: { readonly in: number; readonly out: number };
  readonly crossings: readonly Crossing[];
  readonly rejected: readonly Rejection[];
}

export interface MotionReplay extends ReplayCommon {
  readonly totals: { readonly activations: number; readonly orderedIn: number; readonly orderedOut: number };
  readonly activeSeconds: number;
}

export type ReplayResult = CrossingReplay | MotionReplay;

/**
 * Plays a recording through the very code the agent runs, as fast as it can. Times are seconds from
 * the recording's start. Throws `SensorError` naming file, line and cause.
 */
export async function replayRecording(options: ReplayOptions): Promise<ReplayResult> {
  const sensor = await openSensor({ kind: 'recording', file: options.file, pace: 0 });
  const { description } = sensor;
  const found = new Findings();
  const intervals: ClosedInterval[] = [];
  try {
    const lane = new Lane({
      slot: options.sensor ?? 'replay',
      description,
      profile: profileOf(options, description.kind),
      profileHash: noProfileHash,
      ...laneStart(description, { nowSeconds: 0, calendar: { trust: 'none' } }),
      observer: found,
    });
    const signal = options.signal ?? new AbortController().signal;
    for await (const chunk of sensor.chunks(signal)) intervals.push(...lane.take(chunk));
    intervals.push(...lane.finish());
    return summary(lane, intervals, found);
  } finally {
    await sensor.close();
  }
}

function profileOf(options: ReplayOptions, kind: string) {
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

function summary(lane: Lane, intervals: readonly ClosedInterval[], found: Findings): ReplayResult {
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
