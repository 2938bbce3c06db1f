import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClosedInterval } from '../../edge-agent/interval/closed-interval.ts';
import { openSqliteOutbox } from '../../edge-agent/outbox/open-sqlite-outbox.ts';

const minutesADay = 1440;
const firstMinuteSeconds = Date.UTC(2026, 0, 1) / 1000;

export interface OutboxBenchOptions {
  readonly sensors: number;
  /** Days of minutes that lie in the file when its opening is timed. */
  readonly heldDays: number;
}

export interface OutboxBenchRow {
  readonly sensors: number;
  readonly writtenMegabytesADay: number;
  readonly bytesAnInterval: number;
  readonly appendMsMedian: number;
  readonly appendMs99: number;
  readonly heldIntervals: number;
  readonly openMs: number;
}

/**
 * Lives through one day minute by minute, as the agent does (one transaction a minute for all
 * sensors, receipts in between), and times the opening of a file that holds many days.
 */
export function benchOutbox(options: OutboxBenchOptions): OutboxBenchRow {
  const folder = mkdtempSync(join(tmpdir(), 'passant-bench-outbox-'));
  const file = join(folder, 'outbox.db');
  try {
    const day = liveThroughADay(file, options.sensors);
    const heldIntervals = fill(file, options);
    const beganMs = performance.now();
    open(file).close();
    const openMs = performance.now() - beganMs;
    const bytesAnInterval = statSync(file).size / (heldIntervals + minutesADay * options.sensors);
    return { sensors: options.sensors, ...day, bytesAnInterval, heldIntervals, openMs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function liveThroughADay(file: string, sensors: number) {
  const outbox = open(file);
  const { epoch } = outbox.state;
  const receipt = { version: 1 as const, store: '00000000000000aa', epoch, beyond: [], refused: [] };
  outbox.accept({ ...receipt, through: 0 }, true);
  const before = writtenBytes();
  const times: number[] = [];
  for (let minute = 0; minute < minutesADay; minute += 1) {
    const beganMs = performance.now();
    outbox.append(minuteOf(minute, sensors), 'boot');
    times.push(performance.now() - beganMs);
    outbox.accept({ ...receipt, through: outbox.state.lastSequence }, false);
  }
  const written = writtenBytes() - before;
  outbox.close();
  times.sort((left, right) => left - right);
  return {
    writtenMegabytesADay: written / 1e6,
    appendMsMedian: times[Math.floor(times.length / 2)]!,
    appendMs99: times[Math.floor(times.length * 0.99)]!,
  };
}

function fill(file: string, options: OutboxBenchOptions): number {
  const outbox = open(file);
  for (let day = 1; day <= options.heldDays; day += 1) {
    const intervals: ClosedInterval[] = [];
    for (let minute = 0; minute < minutesADay; minute += 1) {
      intervals.push(...minuteOf(day * minutesADay + minute, options.sensors));
    }
    outbox.append(intervals, 'boot');
  }
  outbox.close();
  return options.heldDays * minutesADay * options.sensors;
}

function open(file: string) {
  return openSqliteOutbox({
    file,
    device: 'bench',
    machineId: 'bench',
    rowsMax: Number.MAX_SAFE_INTEGER,
    deliveredDays: 35,
    randomEpoch: () => randomBytes(8).toString('hex'),
    wallSeconds: () => firstMinuteSeconds,
  }).outbox;
}

/** A minute of a shop's door: mostly one or two people, some turned back. */
function minuteOf(minute: number, sensors: number): ClosedInterval[] {
  return Array.from({ length: sensors }, (_, sensor) => ({
    kind: 'crossing',
    sensor: `door-${sensor}`,
    place: { atSeconds: minute * 60 + 812.4, epochSeconds: firstMinuteSeconds + minute * 60 },
    durationSeconds: 60,
    coverageSeconds: 59.993,
    flags: [],
    engine: 'two-zone/1',
    profile: '0123456789abcdef',
    clock: 'synced',
    in: (minute * 7 + sensor) % 4,
    out: (minute * 5 + sensor) % 3,
    standardErrorIn: 0.213,
    standardErrorOut: 0.187,
    rejected: minute % 9 === 0 ? { 'turned-back': 1 } : {},
  }));
}

/** Bytes handed to the kernel by this process (proc_pid_io(5), wchar): what the card has to take. */
function writtenBytes(): number {
  const match = /^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'));
  return Number(match?.[1] ?? Number.NaN);
}

/** The rows that docs and the bench table show: one door, and the five sensors of a full device. */
export function run(): OutboxBenchRow[] {
  return [benchOutbox({ sensors: 1, heldDays: 400 }), benchOutbox({ sensors: 5, heldDays: 400 })];
}

if (import.meta.main) console.table(run());
