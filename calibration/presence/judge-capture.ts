import { presenceWindows } from '../../edge-agent/replay-presence.ts';
import type { WifiSensorProfile } from '../../gateway/contract/site-profile.ts';
import { openCaptureSensor } from '../../hardware/wifi-probe/capture-sensor.ts';
import type { JudgedWindow } from './fit-presence-model.ts';
import type { HeadCountTruth } from './head-count-truth.ts';

/** Only windows that were heard whole are compared: a part of one has another scale. */
const coverageShareMin = 0.99;

export interface CaptureToJudge {
  readonly file: string;
  readonly profile: WifiSensorProfile;
  readonly truth: HeadCountTruth;
  readonly seed?: number;
}

export interface JudgedCapture {
  readonly windows: readonly (JudgedWindow & { readonly startEpochSeconds: number })[];
  readonly endsAtEpochSeconds: number;
}

/** Counts a capture's windows and lays the truth beside those it covers. Throws `SensorError`. */
export async function judgeCapture(capture: CaptureToJudge): Promise<JudgedCapture> {
  const { file, profile, truth, seed } = capture;
  const sensor = await openCaptureSensor({ file, pace: 0, mode: profile.mode });
  const { timeline } = sensor.description;
  const startedAt = timeline.kind === 'recorded' ? timeline.startedAtEpochSeconds : 0;
  const { closed, progressSeconds } = await presenceWindows(sensor, profile, seed);
  const windows = closed.flatMap((window) => {
    if (window.coverageSeconds < coverageShareMin * window.durationSeconds || window.saturated) return [];
    const startEpochSeconds = window.startSeconds + startedAt;
    const people = truth.mean(startEpochSeconds, startEpochSeconds + window.durationSeconds);
    return people === null ? [] : [{ startEpochSeconds, indicator: window.indicator, people }];
  });
  return { windows, endsAtEpochSeconds: startedAt + progressSeconds };
}
