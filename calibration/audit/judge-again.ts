import type { DistanceSensorProfile } from '../../gateway/contract/site-profile.ts';
import { openSensor } from '../../hardware/open-sensor.ts';
import type { RecordedWalkTest } from './run-walk-test.ts';
import { readTapFile, writeObservedTruth } from './tap-file.ts';
import { WalkTestSession } from './walk-test-session.ts';

/**
 * Judges a kept test with the engine and the profile of today, through the very session that ran it.
 * Throws `SensorError` and `UsageError` naming the file.
 */
export async function judgeAgain(file: string, profile: DistanceSensorProfile): Promise<RecordedWalkTest> {
  const { taps } = readTapFile(file);
  const sensor = await openSensor({ kind: 'recording', file, pace: 0 });
  try {
    const { description } = sensor;
    const session = new WalkTestSession({ description, profile, startSeconds: 0 });
    for (const tap of taps) session.book.take({ type: 'tap', ...tap });
    for await (const chunk of sensor.chunks(new AbortController().signal)) {
      if (chunk.kind === 'distance') session.take(chunk);
    }
    const finished = session.finish();
    writeObservedTruth(file, { taps, lagSeconds: finished.result.lagSeconds, startSeconds: 0 });
    const { timeline } = description;
    const startedAtMs = timeline.kind === 'recorded' ? timeline.startedAtEpochSeconds * 1000 : Date.now();
    return { finished, file, startedAt: new Date(startedAtMs).toISOString() };
  } finally {
    await sensor.close();
  }
}
