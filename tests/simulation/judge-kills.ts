import type { ClosedInterval } from '../../edge-agent/interval/closed-interval.ts';
import { minuteOf } from '../../gateway/store/minute.ts';
import type { JournalLine, KillBed, KillTimes } from './kill-bed.ts';
import type { Violation } from './ledger.ts';

/** Rounding of times and coverage to thousandths. */
const roundingSeconds = 0.01;

export interface KillVerdict {
  readonly closed: number;
  readonly stored: number;
  readonly lost: number;
  readonly doubled: number;
  readonly people: number;
  /** Of what one sensor's intervals span: looked at, and covered. */
  readonly lookedSeconds: number;
  readonly coveredSeconds: number;
  readonly violations: readonly Violation[];
}

/** Holds the store against the journal, number by number. */
export async function judgeKills(bed: KillBed, times: KillTimes): Promise<KillVerdict> {
  const closed = bed.closed;
  const stored = await bed.stored();
  const violations: Violation[] = [];
  const seen = new Set<string>();
  let [doubled, people] = [0, 0];
  for (const minute of stored) {
    const key = `${minute.epoch}/${minute.sequence}`;
    const interval = closed.get(key);
    if (interval === undefined) violations.push(`${key} is stored and was never closed`);
    else if (wire(interval) !== wireOfMinute(minute)) violations.push(`${key} is stored with other numbers`);
    if (seen.has(key)) doubled += 1;
    seen.add(key);
    people += minute.values[0]! + minute.values[1]!;
  }
  const lost = [...closed.keys()].filter((key) => !seen.has(key));
  violations.push(...lost.map((key) => `${key} is lost`));
  const overlapping = overlaps([...closed.values()]);
  violations.push(...overlapping);
  const looking = judgeCoverage(bed.journal, [...closed.values()], times);
  return {
    closed: closed.size,
    stored: stored.length,
    lost: lost.length,
    doubled: doubled + overlapping.length,
    people,
    ...looking.sums,
    violations: [...violations, ...looking.violations],
  };
}

function wire(interval: ClosedInterval): string {
  const { place, ...contents } = interval;
  const start = new Date(Math.round(place.epochSeconds! * 1000)).toISOString();
  const { startMs, durationMs, coverageMs, values, flags, extra } = minuteOf({
    ...contents,
    sequence: 1,
    start,
  });
  return JSON.stringify([startMs, durationMs, coverageMs, values, flags, extra]);
}

function wireOfMinute(minute: ReturnType<typeof minuteOf>): string {
  const { startMs, durationMs, coverageMs, values, flags, extra } = minute;
  return JSON.stringify([startMs, durationMs, coverageMs, values, flags, extra]);
}

/** The same time of one sensor closed twice: counted twice, whatever the keys say. */
function overlaps(intervals: readonly ClosedInterval[]): Violation[] {
  return [...Map.groupBy(intervals, ({ sensor }) => sensor)].flatMap(([sensor, group]) => {
    const sorted = group.sort((left, right) => left.place.atSeconds - right.place.atSeconds);
    return sorted.flatMap((interval, at) => {
      const next = sorted[at + 1];
      const end = interval.place.atSeconds + interval.durationSeconds;
      return next !== undefined && next.place.atSeconds < end - roundingSeconds
        ? [`${sensor}: the interval at ${next.place.atSeconds} begins before ${end}`]
        : [];
    });
  });
}

/** No sensor may have covered more than its runs looked for. */
function judgeCoverage(
  journal: readonly JournalLine[],
  intervals: readonly ClosedInterval[],
  times: KillTimes,
): {
  sums: { lookedSeconds: number; coveredSeconds: number };
  violations: Violation[];
} {
  const begins = journal.filter((line) => line.kind === 'looks').map(({ atSeconds }) => atSeconds);
  const ends = times.agent;
  // A run that began to look ended with the first kill after that.
  const lookedSeconds = begins.reduce((sum, begin) => {
    const end = ends.find((each) => each > begin);
    return sum + (end === undefined ? 0 : end - begin);
  }, 0);
  const violations: Violation[] = [];
  let coveredSeconds = 0;
  for (const [sensor, group] of Map.groupBy(intervals, (interval) => interval.sensor)) {
    const covered = group.reduce((sum, { coverageSeconds }) => sum + coverageSeconds, 0);
    coveredSeconds = Math.max(coveredSeconds, covered);
    // Reading begins a moment before the line that says so.
    if (covered > lookedSeconds + begins.length * startSeconds + roundingSeconds) {
      violations.push(
        `${sensor}: ${covered.toFixed(1)} s covered, looked at for ${lookedSeconds.toFixed(1)} s`,
      );
    }
  }
  return { sums: { lookedSeconds, coveredSeconds }, violations };
}

/** Sensors are open for so long at most before the journal says that the run looks. */
const startSeconds = 0.5;
