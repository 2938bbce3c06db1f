import type { ClosedRecord, DeviceLedger, Violation } from './ledger.ts';

/** Rounding to thousandths, at both ends. */
const roundingSeconds = 0.01;
/** The loop stays a second behind its sensors, and writes the open minute down at each beat in time. */
const lateSeconds = 3.5;
/** Of the minutes that are open at a power cut: the running one, and the one before until it closes. */
const openSecondsMax = 60 + 10 + 60;

interface Span {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Elapsed minus coverage is the time really not looked at, and each number is what was seen in it. */
export function judgeLooking(ledger: DeviceLedger, beatSeconds: number): Violation[] {
  return [
    ...ledger.records.flatMap((record) => judgeOne(ledger, record, beatSeconds)),
    ...unaccounted(ledger, beatSeconds),
  ];
}

function judgeOne(ledger: DeviceLedger, record: ClosedRecord, beatSeconds: number): Violation[] {
  const { interval, fromSeconds } = record;
  if (interval.kind !== 'motion') return [];
  const toSeconds = fromSeconds + interval.durationSeconds;
  const name = `${[...record.keys].join(' ')} (${fromSeconds.toFixed(3)} to ${toSeconds.toFixed(3)})`;
  const looked = ledger.looked.reduce((sum, span) => sum + shared(span, { fromSeconds, toSeconds }), 0);
  const deaths = ledger.looked.filter(
    (span) =>
      span.end === 'crash' &&
      span.toSeconds > fromSeconds &&
      span.toSeconds - lateSeconds - beatSeconds < toSeconds,
  );
  const forgotten = deaths.length * (lateSeconds + beatSeconds);
  const faults: Violation[] = [];
  const coverage = interval.coverageSeconds;
  if (coverage > looked + roundingSeconds || coverage < looked - forgotten - roundingSeconds) {
    faults.push(`${name}: covered ${coverage} s, looked at for ${looked.toFixed(3)} s`);
  }
  const inside = ledger.pulses.filter(
    ({ atSeconds }) => atSeconds > fromSeconds + roundingSeconds && atSeconds < toSeconds - roundingSeconds,
  );
  const near = ledger.pulses.filter(
    ({ atSeconds }) => atSeconds > fromSeconds - roundingSeconds && atSeconds < toSeconds + roundingSeconds,
  );
  const certain = inside.filter(
    (pulse) =>
      pulse.certain &&
      !deaths.some(
        (span) =>
          pulse.atSeconds <= span.toSeconds && pulse.atSeconds > span.toSeconds - lateSeconds - beatSeconds,
      ),
  );
  if (interval.activations < certain.length || interval.activations > near.length) {
    faults.push(
      `${name}: ${interval.activations} activations, ${certain.length} to ${near.length} were seen`,
    );
  }
  return faults;
}

/** Time looked at that no closed interval holds, and no power cut or refusal explains. */
function unaccounted(ledger: DeviceLedger, beatSeconds: number): Violation[] {
  const held: Span[] = [
    ...ledger.records.map((record) => ({
      fromSeconds: record.fromSeconds,
      toSeconds: record.fromSeconds + record.interval.durationSeconds,
    })),
    ...ledger.refused,
  ].sort((left, right) => left.fromSeconds - right.fromSeconds);
  const faults: Violation[] = [];
  for (const gap of ledger.looked.flatMap((span) => gapsOf(span, held))) {
    const seconds = gap.toSeconds - gap.fromSeconds;
    if (seconds <= 1 + roundingSeconds) continue;
    const explained = ledger.powerCuts.some((cut) => {
      const { unwrittenSinceSeconds } = cut;
      const atSeconds = lastLooked(ledger, cut.atSeconds);
      const openFrom = Math.min(unwrittenSinceSeconds, atSeconds) - openSecondsMax - 2 * beatSeconds;
      return gap.toSeconds <= atSeconds + roundingSeconds && gap.fromSeconds >= openFrom;
    });
    if (!explained) {
      faults.push(
        `looked from ${gap.fromSeconds.toFixed(3)} to ${gap.toSeconds.toFixed(3)}, and no interval tells`,
      );
    }
  }
  return faults;
}

/** When anybody last looked before a time: the agent may have been dead already. */
function lastLooked(ledger: DeviceLedger, atSeconds: number): number {
  const ends = ledger.looked
    .filter(({ fromSeconds, toSeconds }) => fromSeconds < atSeconds && toSeconds > fromSeconds)
    .map(({ toSeconds }) => Math.min(toSeconds, atSeconds));
  return Math.max(...ends, 0);
}

function gapsOf(span: Span, held: readonly Span[]): Span[] {
  const gaps: Span[] = [];
  let { fromSeconds } = span;
  for (const other of held) {
    if (other.toSeconds <= fromSeconds) continue;
    if (other.fromSeconds >= span.toSeconds) break;
    if (other.fromSeconds > fromSeconds) gaps.push({ fromSeconds, toSeconds: other.fromSeconds });
    fromSeconds = other.toSeconds;
  }
  if (fromSeconds < span.toSeconds) gaps.push({ fromSeconds, toSeconds: span.toSeconds });
  return gaps;
}

function shared(left: Span, right: Span): number {
  return Math.max(
    0,
    Math.min(left.toSeconds, right.toSeconds) - Math.max(left.fromSeconds, right.fromSeconds),
  );
}
