/**
 * `npm run demo`: a gateway and three agents replay a day in about a minute, over real MQTT, into a
 * real database, out of the API and onto the page. See `usage`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pino, { type Logger } from 'pino';
import type { Agent } from '../edge-agent/agent.ts';
import { parseAgentConfig } from '../edge-agent/config.ts';
import { openAgent } from '../edge-agent/open-agent.ts';
import { parseGatewayConfig } from '../gateway/config.ts';
import { openGateway, PortTakenError } from '../gateway/open-gateway.ts';
import { type DemoLine, type DemoReport, isExact, reportTable } from './demo/demo-report.ts';
import { type DemoCounter, timeOfFlightCounter, ultrasonicCounter, wifiCounter } from './demo/demo-town.ts';
import { GatewayReader } from './demo/gateway-reader.ts';

enableCompileCache();

const usage = `npm run demo [-- options]

  Starts a gateway and three counters, replays a day in about a minute, and stays up.
  Startet ein Gateway und drei Zähler, spielt einen Tag in etwa einer Minute ab und läuft weiter.

  --once      do the same without staying up; exit 0 only if every interval arrived exactly once
  --json      with --once: the result as JSON, and nothing else on stdout
  --port N    port of page and API (default 8080)
  --seconds N how long the replay takes (default 50, with --once 0: as fast as this machine can)
  --help      this text
`;

/** An interval that is still on its way after this has been lost. */
const drainSecondsMax = 240;

interface Options {
  readonly once: boolean;
  readonly json: boolean;
  readonly port: number;
  readonly replaySeconds: number;
}

function readOptions(argv: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      port: { type: 'string', default: '8080' },
      seconds: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const once = values.once || values.json;
  const port = wholeNumber(values.port, '--port', 65_535);
  const replaySeconds = wholeNumber(values.seconds ?? (once ? '0' : '50'), '--seconds', 86_400);
  return { once, json: values.json, port, replaySeconds };
}

function wholeNumber(text: string, name: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max)
    throw new Error(`${name} wants a whole number up to ${max}, not ${text}`);
  return value;
}

async function main(): Promise<number> {
  let options: Options | 'help';
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'passant-demo-'));
  try {
    return await play(options, folder);
  } catch (error) {
    if (!(error instanceof PortTakenError)) throw error;
    process.stderr.write(`${error.message}: npm run demo -- --port N\n`);
    return 2;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function play(options: Options, folder: string): Promise<number> {
  const say = options.json ? () => undefined : (text: string) => void process.stdout.write(`${text}\n`);
  const startedMs = performance.now();
  const minute = 60;
  const endsAtEpochSeconds = Math.floor(Date.now() / 1000 / minute) * minute;
  const day = { endsAtEpochSeconds, replaySeconds: options.replaySeconds, folder };
  say('Laying out the day of three counters …');
  const counters = [timeOfFlightCounter(day), await ultrasonicCounter(day), await wifiCounter(day)];
  const logger = pino({ level: 'warn' }, pino.destination(2));
  const gateway = await openGateway({ config: gatewayConfig(counters, folder, options.port), logger });
  const agents: Agent[] = [];
  try {
    // The day that is played is the last hours: before noon a part of it is yesterday's.
    say(`\n  Page and API:  ${gateway.url}/#hours\n`);
    for (const counter of counters) {
      agents.push(await startAgent(counter, { folder, brokerUrl: gateway.brokerUrl, logger }));
    }
    const reader = new GatewayReader(gateway.url);
    await replayed({ agents, counters, reader, say });
    const seconds = (performance.now() - startedMs) / 1000;
    const report = await readReport({ counters, agents, reader, endsAtEpochSeconds, seconds });
    if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else say(`\n${reportTable(report)}\n`);
    if (!options.once) await stayUp(`${gateway.url}/#hours`, say);
    return isExact(report.intervals) ? 0 : 1;
  } finally {
    await Promise.all(agents.map((agent) => agent.close()));
    await gateway.close();
  }
}

function gatewayConfig(counters: readonly DemoCounter[], folder: string, port: number) {
  const value = {
    http: { port },
    broker: { kind: 'embedded', port: 0 },
    dataDirectory: join(folder, 'gateway'),
    sites: counters.map((counter) => ({
      ...counter.site,
      town: 'Iserlohn',
      timeZone: 'Europe/Berlin',
      lines: [{ ...counter.line, sensors: [{ device: counter.device, sensor: counter.sensor }] }],
    })),
  };
  return parseGatewayConfig(value, 'demo');
}

function startAgent(
  counter: DemoCounter,
  at: { folder: string; brokerUrl: string; logger: Logger },
): Promise<Agent> {
  const folder = join(at.folder, counter.device);
  const value = {
    device: counter.device,
    stateDir: join(folder, 'state'),
    runDir: join(folder, 'run'),
    clock: 'trusted',
    ...(counter.profileFile === null ? {} : { siteProfile: counter.profileFile }),
    // A day of minutes arrives within a minute: nothing here may hold them back.
    uplink: {
      url: at.brokerUrl,
      startDelaySecondsMax: 0,
      backfillIntervalsPerSecond: 10_000,
      protocol: '3.1.1',
    },
    sensors: [{ sensor: counter.sensor, source: counter.source }],
  };
  return openAgent({ config: parseAgentConfig(value, counter.device), logger: at.logger });
}

/** Waits until every agent has played its day and got its receipts; tells how far it is. */
async function replayed(demo: {
  agents: readonly Agent[];
  counters: readonly DemoCounter[];
  reader: GatewayReader;
  say: (text: string) => void;
}): Promise<void> {
  const progress = setInterval(() => void tellProgress(demo), 5000);
  const late = AbortSignal.timeout(drainSecondsMax * 1000);
  try {
    await Promise.race([
      Promise.all(demo.agents.map((agent) => agent.drained())),
      new Promise((_, reject) => {
        late.addEventListener('abort', () =>
          reject(new Error(`not everything has arrived within ${drainSecondsMax} s`)),
        );
      }),
    ]);
  } finally {
    clearInterval(progress);
  }
}

async function tellProgress(demo: Parameters<typeof replayed>[0]): Promise<void> {
  const parts = await Promise.all(
    demo.counters.map(async ({ device, daySeconds }) => {
      const { totals } = await demo.reader.completeness(device);
      return `${device.replace('demo-', '')} ${totals.stored} intervals of ${Math.round(daySeconds / 3600)} h`;
    }),
  ).catch(() => ['starting']);
  demo.say(`  ${parts.join(' · ')}`);
}

async function readReport(demo: {
  counters: readonly DemoCounter[];
  agents: readonly Agent[];
  reader: GatewayReader;
  endsAtEpochSeconds: number;
  seconds: number;
}): Promise<DemoReport> {
  const lines: DemoLine[] = [];
  const intervals = { sent: 0, stored: 0, lost: 0, duplicated: 0 };
  for (const [index, counter] of demo.counters.entries()) {
    const counts = await demo.reader.counts(counter.line.id, {
      fromEpochSeconds: demo.endsAtEpochSeconds - counter.daySeconds - 60,
      toEpochSeconds: demo.endsAtEpochSeconds,
    });
    const people = 'in' in counts.total ? counts.total : { in: null, out: null };
    lines.push({
      line: counter.line.id,
      kind: counts.kind,
      in: people.in,
      out: people.out,
      truth: counter.truth,
    });
    const { totals } = await demo.reader.completeness(counter.device);
    const sent = demo.agents[index]!.status.health.lastSequence ?? 0;
    intervals.sent += sent;
    intervals.stored += totals.stored;
    intervals.lost += Math.max(0, sent - totals.stored);
    intervals.duplicated += Math.max(0, totals.stored - sent) + totals.reused;
  }
  return { lines, intervals, seconds: Math.round(demo.seconds * 10) / 10 };
}

async function stayUp(url: string, say: (text: string) => void): Promise<void> {
  say(`The gateway stays up: ${url}   (Ctrl+C ends the demo · Strg+C beendet die Demo)`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}

process.exitCode = await main();
