import { PresenceFloor, peoplePresent } from '../gateway/contract/presence-model.ts';
import type { WifiSensorProfile } from '../gateway/contract/site-profile.ts';
import type { ReadingChunk, Sensor } from '../hardware/sensor.ts';
import type { PresenceWindow } from './count/counter.ts';
import { createPresenceCounter } from './count/create-presence-counter.ts';

/** One window as `replay --json` prints it. */
interface PrintedWindow {
  readonly start: string;
  readonly durationSeconds: number;
  readonly coverageSeconds: number;
  readonly frames: number;
  /** The indicator: busy seconds in mode `rate`, distinct radios in mode `hashing`. */
  readonly estimate: number;
  readonly standardError: number;
  readonly saturated: boolean;
  /** With a presence model in the profile: people present on average. */
  readonly people?: number;
  readonly standardErrorPeople?: number;
}

/** What a replay of probe requests found. */
export interface PresenceReplay {
  readonly sensor: 'wifi-probe';
  readonly mode: 'rate' | 'hashing';
  readonly durationSeconds: number;
  readonly readings: number;
  readonly coverageSeconds: number;
  readonly malformed: number;
  readonly flags: readonly string[];
  readonly windows: readonly PrintedWindow[];
}

/**
 * Plays a capture through the counter the agent runs, to its end. `seed` makes the coins of mode
 * `hashing` reproducible. Throws `SensorError` where the capture is damaged.
 */
export async function replayPresence(
  sensor: Sensor,
  profile: WifiSensorProfile,
  seed?: number,
): Promise<PresenceReplay> {
  const { timeline } = sensor.description;
  const windows = await presenceWindows(sensor, profile, seed);
  const startedAt = timeline.kind === 'recorded' ? timeline.startedAtEpochSeconds : 0;
  const model = profile.presenceModel;
  const floor = model?.mode === profile.mode ? new PresenceFloor(model) : null;
  const printed = windows.closed.map((window) => print(window, { startedAt, profile, floor }));
  return {
    sensor: 'wifi-probe',
    mode: profile.mode,
    durationSeconds: round(windows.progressSeconds),
    readings: windows.closed.reduce((sum, window) => sum + window.frames, 0),
    coverageSeconds: round(windows.closed.reduce((sum, window) => sum + window.coverageSeconds, 0)),
    malformed: windows.closed.reduce((sum, window) => sum + window.malformed, 0),
    flags: windows.closed.some((window) => window.saturated) ? ['saturated'] : [],
    windows: printed,
  };
}

/** The windows of a sensor's whole life, on its own time line. */
export async function presenceWindows(
  sensor: Sensor,
  profile: WifiSensorProfile,
  seed?: number,
): Promise<{ readonly closed: readonly PresenceWindow[]; readonly progressSeconds: number }> {
  const { timeline } = sensor.description;
  const counter = createPresenceCounter(profile, { timeline, ...(seed === undefined ? {} : { seed }) });
  const closed: PresenceWindow[] = [];
  const sink = { window: (window: PresenceWindow) => closed.push(window) };
  let progressSeconds = 0;
  const never = new AbortController().signal;
  for await (const chunk of sensor.chunks(never) as AsyncIterable<ReadingChunk>) {
    if (chunk.kind !== 'probe') throw new RangeError('a presence counter takes probe requests only');
    counter.take(chunk);
    counter.drain(sink);
    progressSeconds = chunk.progressSeconds;
  }
  counter.finish();
  counter.drain(sink);
  counter.wipe();
  return { closed, progressSeconds };
}

interface PrintContext {
  readonly startedAt: number;
  readonly profile: WifiSensorProfile;
  readonly floor: PresenceFloor | null;
}

function print(window: PresenceWindow, context: PrintContext): PrintedWindow {
  const startEpochSeconds = window.startSeconds + context.startedAt;
  const model = context.profile.presenceModel;
  const base = {
    start: new Date(Math.round(startEpochSeconds * 1000)).toISOString().replace('.000Z', 'Z'),
    durationSeconds: round(window.durationSeconds),
    coverageSeconds: round(window.coverageSeconds),
    frames: window.frames,
    estimate: round(window.indicator),
    standardError: round(window.standardError),
    saturated: window.saturated,
  };
  if (model === undefined || context.floor === null) return base;
  const whole = window.coverageSeconds >= 0.99 * window.durationSeconds;
  const floor = whole ? context.floor.follow(window.indicator) : context.floor.now;
  const present = peoplePresent(model, { ...window, startEpochSeconds }, floor);
  if (present === null) return base;
  return { ...base, people: round(present.people), standardErrorPeople: round(present.standardError) };
}

/** To thousandths: what lies below is noise. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
