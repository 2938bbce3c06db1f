import type { JudgedWindow } from '../../calibration/presence/fit-presence-model.ts';
import type { HeadCountTruth } from '../../calibration/presence/head-count-truth.ts';
import type { ProbeChunk } from '../../hardware/sensor.ts';
import { openCaptureSensor } from '../../hardware/wifi-probe/capture-sensor.ts';

/**
 * The naive measure that the field uses and Passant does not: exactly how many addresses were seen
 * in each window. Only for comparison, on public captures; nothing of the product calls it.
 */
export async function distinctAddresses(file: string, windowSeconds: number): Promise<Map<number, number>> {
  const sensor = await openCaptureSensor({ file, pace: 0, mode: 'hashing' });
  const { timeline } = sensor.description;
  const startedAt = timeline.kind === 'recorded' ? timeline.startedAtEpochSeconds : 0;
  const seen = new Map<number, Set<string>>();
  for await (const chunk of sensor.chunks(new AbortController().signal)) {
    const probe = chunk as ProbeChunk;
    for (let i = 0; i < probe.length; i += 1) {
      const window = Math.floor((startedAt + probe.atSeconds[i]!) / windowSeconds) * windowSeconds;
      const addresses = seen.get(window) ?? new Set();
      addresses.add(Buffer.from(probe.address!.subarray(i * 6, i * 6 + 6)).toString('hex'));
      seen.set(window, addresses);
    }
  }
  return new Map([...seen].map(([window, addresses]) => [window, addresses.size]));
}

/** The naive measure beside the truth, for the windows that the other measures were judged on. */
export async function judgeDistinctAddresses(
  file: string,
  truth: HeadCountTruth,
  startsAt: readonly number[],
): Promise<(JudgedWindow & { readonly startEpochSeconds: number })[]> {
  const windowSeconds = 300;
  const counts = await distinctAddresses(file, windowSeconds);
  return startsAt.map((startEpochSeconds) => ({
    startEpochSeconds,
    indicator: counts.get(startEpochSeconds) ?? 0,
    people: truth.mean(startEpochSeconds, startEpochSeconds + windowSeconds)!,
  }));
}
