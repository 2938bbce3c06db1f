import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { openSystemClock } from '../../edge-agent/clock/system-clock.ts';
import type { ClosedInterval } from '../../edge-agent/interval/closed-interval.ts';
import { openSqliteOutbox } from '../../edge-agent/outbox/open-sqlite-outbox.ts';
import { openMqttLink } from '../../edge-agent/uplink/mqtt-link.ts';
import { Uplink } from '../../edge-agent/uplink/uplink.ts';
import { parseGatewayConfig } from '../../gateway/config.ts';
import { openGateway } from '../../gateway/open-gateway.ts';

const device = 'bench';
/** A receipt that takes longer is a fault, not a latency. */
const answerSecondsMax = 60;

export interface IntervalLatencyRow {
  readonly minutes: number;
  readonly intervals: number;
  readonly msMedian: number;
  readonly ms99: number;
  readonly msMax: number;
}

/**
 * The time from an interval closed (its append to the outbox begins) to its receipt taken, on
 * loopback through the embedded broker: outbox, MQTT, ingest, store, commit, receipt, outbox.
 */
export async function benchIntervalLatency(options: {
  readonly minutes: number;
  readonly sensors: number;
}): Promise<IntervalLatencyRow> {
  const folder = mkdtempSync(join(tmpdir(), 'passant-bench-latency-'));
  const gatewayConfig = {
    http: { port: 0 },
    broker: { kind: 'embedded', port: 0 },
    dataDirectory: join(folder, 'gateway'),
    logLevel: 'silent',
  };
  const gateway = await openGateway({
    config: parseGatewayConfig(gatewayConfig, 'bench'),
    logger: pino({ level: 'silent' }),
  });
  const clock = openSystemClock('trusted', () => 'bench');
  const outbox = openOutbox(folder);
  const receipted = new EventTarget();
  const uplink = new Uplink({
    device,
    outbox: () => outbox,
    link: openMqttLink({
      url: gateway.brokerUrl,
      clientId: device,
      protocol: 'auto',
      keepaliveSeconds: 30,
      subscriptions: [`passant/v1/${device}/receipt`],
      clock,
      random: Math.random,
    }),
    clock,
    random: Math.random,
    config: {
      startDelaySecondsMax: 0,
      backfillOrder: 'newest-first',
      backfillIntervalsPerSecond: 1000,
      batchSecondsMax: 0,
    },
    report: (event) => {
      if (event.kind === 'receipt') receipted.dispatchEvent(new Event('receipt'));
    },
  });
  const stop = new AbortController();
  const running = uplink.run(stop.signal);
  try {
    const times: number[] = [];
    for (let minute = 0; minute < options.minutes; minute += 1) {
      const beganMs = performance.now();
      outbox.append(minuteOf(minute, options.sensors), 'bench');
      uplink.wake();
      await untilNothingHeld(receipted, outbox);
      // The first one waits for the connection and the first answer.
      if (minute > 0) times.push(performance.now() - beganMs);
    }
    return { minutes: times.length, intervals: times.length * options.sensors, ...quantiles(times) };
  } finally {
    stop.abort();
    await running;
    outbox.close();
    await gateway.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function quantiles(times: number[]) {
  times.sort((left, right) => left - right);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
  return { msMedian: at(0.5), ms99: at(0.99), msMax: times.at(-1)! };
}

async function untilNothingHeld(
  receipted: EventTarget,
  outbox: ReturnType<typeof openOutbox>,
): Promise<void> {
  const signal = AbortSignal.timeout(answerSecondsMax * 1000);
  while (outbox.state.held > 0) {
    await new Promise<void>((resolve, reject) => {
      const options = { once: true };
      receipted.addEventListener('receipt', () => resolve(), options);
      signal.addEventListener(
        'abort',
        () => reject(new Error(`no receipt in ${answerSecondsMax} s`)),
        options,
      );
    });
  }
}

function openOutbox(folder: string) {
  return openSqliteOutbox({
    file: join(folder, 'outbox.db'),
    device,
    machineId: null,
    rowsMax: 1_000_000,
    deliveredDays: 35,
    randomEpoch: () => 'be'.repeat(8),
    wallSeconds: () => Date.now() / 1000,
  }).outbox;
}

function minuteOf(minute: number, sensors: number): ClosedInterval[] {
  const epochSeconds = Date.UTC(2026, 0, 1) / 1000 + minute * 60;
  return Array.from({ length: sensors }, (_, sensor) => ({
    kind: 'crossing',
    sensor: `door-${sensor}`,
    place: { atSeconds: minute * 60, epochSeconds },
    durationSeconds: 60,
    coverageSeconds: 60,
    flags: [],
    engine: 'two-zone/1',
    profile: '0123456789abcdef',
    clock: 'synced',
    in: minute % 4,
    out: minute % 3,
    standardErrorIn: 0.2,
    standardErrorOut: 0.2,
    rejected: {},
  }));
}

/** The row of the bench table: five sensors, as many minutes as a 99th percentile needs. */
export async function run(): Promise<IntervalLatencyRow[]> {
  return [await benchIntervalLatency({ minutes: 500, sensors: 5 })];
}

if (import.meta.main) console.table(await run());
