import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { parseAgentConfig, readAgentConfig } from '../../edge-agent/config.ts';
import type { ClosedInterval } from '../../edge-agent/interval/closed-interval.ts';
import { openAgent } from '../../edge-agent/open-agent.ts';
import { openSqliteOutbox } from '../../edge-agent/outbox/open-sqlite-outbox.ts';
import { monotonicClock } from '../../hardware/clock.ts';
import {
  emulatedHeightMmDefault,
  emulatedMinutesDefault,
  scenarioStartSeconds,
} from '../../hardware/emulated/emulated-walks-config.ts';
import { drawScenario } from '../../hardware/emulated/walks/scenario.ts';

const example = 'deploy/examples/emulated.json';
/** Who is under the sensors when the agent starts or stops may be counted or not. */
const edgeSeconds = 3;

interface EmulatedRow {
  readonly sensor: string;
  readonly kind: string;
  readonly in: number;
  readonly out: number;
  readonly motions: number;
  readonly ordered: number;
  readonly presence: number;
  readonly coverage: number;
}

export interface EmulatedRun {
  readonly seconds: number;
  /** Crossings of the scene that lie within the run for certain, and those near its ends. */
  readonly truth: { readonly in: number; readonly out: number; readonly doubtful: number };
  readonly rows: readonly EmulatedRow[];
}

/** Runs the agent on the example's emulated devices in real time and adds up what it closes. */
export async function run(options: { readonly seconds?: number } = {}): Promise<EmulatedRun> {
  const seconds = options.seconds ?? 300;
  const folder = mkdtempSync(join(tmpdir(), 'passant-emulated-'));
  const read = readAgentConfig(example);
  const config = parseAgentConfig(
    { ...read, stateDir: join(folder, 'state'), runDir: join(folder, 'run') },
    example,
  );
  const closed: ClosedInterval[] = [];
  const sceneStart = scenarioStartSeconds(monotonicClock.nowSeconds());
  const agent = await openAgent({
    config,
    logger: pino({ level: 'error' }),
    openOutbox: (outboxOptions) => {
      const opened = openSqliteOutbox(outboxOptions);
      const append = opened.outbox.append.bind(opened.outbox);
      opened.outbox.append = (intervals, bootId) => {
        closed.push(...intervals);
        return append(intervals, bootId);
      };
      return opened;
    },
  });
  const from = monotonicClock.nowSeconds() - sceneStart;
  await monotonicClock.sleep(seconds);
  const to = monotonicClock.nowSeconds() - sceneStart;
  await agent.close();
  rmSync(folder, { recursive: true });
  return { seconds: to - from, truth: truthBetween(from, to), rows: rowsOf(closed, config.sensors) };
}

function truthBetween(from: number, to: number): EmulatedRun['truth'] {
  const { truth } = drawScenario({
    profile: 'easy',
    seed: 7,
    minutes: emulatedMinutesDefault,
    mountingHeightMm: emulatedHeightMmDefault,
  });
  const total = { in: 0, out: 0, doubtful: 0 };
  for (const { atSeconds, direction } of truth.crossings) {
    if (atSeconds < from - edgeSeconds || atSeconds > to + edgeSeconds) continue;
    const within = atSeconds > from + edgeSeconds && atSeconds < to - edgeSeconds;
    total[within ? direction : 'doubtful'] += 1;
  }
  return total;
}

function rowsOf(
  closed: readonly ClosedInterval[],
  sensors: readonly { readonly sensor: string; readonly source: { readonly kind: string } }[],
): EmulatedRow[] {
  return sensors.map(({ sensor, source }) => {
    const row = { in: 0, out: 0, motions: 0, ordered: 0, presence: 0, coverage: 0 };
    let seconds = 0;
    for (const interval of closed.filter((one) => one.sensor === sensor)) {
      seconds += interval.durationSeconds;
      row.coverage += interval.coverageSeconds;
      if (interval.kind === 'crossing') {
        row.in += interval.in;
        row.out += interval.out;
      } else if (interval.kind === 'motion') {
        row.motions += interval.activations;
        row.ordered += interval.orderedIn + interval.orderedOut;
      } else row.presence += interval.indicator;
    }
    return { sensor, kind: source.kind, ...row, coverage: seconds === 0 ? 0 : row.coverage / seconds };
  });
}

if (import.meta.main) {
  const seconds = Number(process.argv[2] ?? 300);
  const result = await run({ seconds });
  console.log(`${result.seconds.toFixed(0)} s, truth: ${JSON.stringify(result.truth)}`);
  console.table(result.rows.map((row) => ({ ...row, coverage: Number(row.coverage.toFixed(3)) })));
  const cpu = process.cpuUsage();
  console.log(`${(((cpu.user + cpu.system) / 1e6 / result.seconds) * 100).toFixed(0)} % of a core`);
}
