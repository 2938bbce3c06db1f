import { pino } from 'pino';
import { parseGatewayConfig } from '../../gateway/config.ts';
import { Intake } from '../../gateway/ingest/intake.ts';
import { newIntakeCounters } from '../../gateway/ingest/intake-counters.ts';
import { RunningTotals } from '../../gateway/ingest/running-totals.ts';
import type { GatewayStore } from '../../gateway/store/gateway-store.ts';
import { compactAfterDays } from '../../gateway/store/store-upkeep.ts';
import { buildApp } from '../../gateway/web/api/app.ts';
import { CountsReader } from '../../gateway/web/api/counts-reader.ts';
import { LiveBoard } from '../../gateway/web/live-board.ts';
import { RecordedLink } from '../../tests/doubles/recorded-link.ts';
import { atMost, type BenchRow, p50 } from './bench-row.ts';
import { dayMs, timeZone, year } from './store-data.ts';

/** Goals of the project, in milliseconds. */
const yearByHourGoalMs = 5;
const yearOverHttpGoalMs = 20;
const linesByDayGoalMs = 30;
/** The cost of a roll-up must not follow what lies beneath it; noise is a quarter of it. */
const historyFactorGoal = 1.5;

const nowMs = year.toMs + dayMs;
/** Minutes that start before this are old enough to be packed. */
export const packedBeforeMs = nowMs - (nowMs % dayMs) - compactAfterDays * dayMs;

/** Packs whatever is old at the end of the year, as a gateway that runs does every hour. */
export async function packAll(store: GatewayStore): Promise<void> {
  const keepDays = { minutes: null, quarters: null, hours: null, days: null };
  while (!(await store.upkeep({ nowMs, keepDays, compactAfterDays })).finished);
}

/**
 * What people wait for. `fine` is a line with a minute for every minute of the year, `coarse` one with
 * an interval an hour: the same hours over a sixtieth of the history.
 */
export async function queryRows(
  store: GatewayStore,
  of: { fine: string; coarse: string; lines: readonly string[] },
): Promise<BenchRow[]> {
  const reader = new CountsReader({ store, running: new RunningTotals(), timeZone, now: () => year.toMs });
  const byHour = (line: string) => () => reader.counts(line, { range: year, resolution: '1h' });
  const [fine, coarse] = [await p50(byHour(of.fine)), await p50(byHour(of.coarse))];
  const byDay = await p50(async () => {
    const known = await reader.directory();
    for (const line of of.lines) await reader.counts(line, { range: year, resolution: '1d' }, known);
  });
  const overHttp = await httpYear(store, reader, of.fine);
  const ms = (goal: number) => ({ unit: 'ms', goal });
  return [
    atMost('a year by hour of one line, in the handler, p50', fine, ms(yearByHourGoalMs)),
    atMost('a year by hour of one line, through HTTP, p50', overHttp, ms(yearOverHttpGoalMs)),
    atMost(`${of.lines.length} lines × 365 days, in the handler, p50`, byDay, ms(linesByDayGoalMs)),
    atMost('the year by hour over sixty times the history', fine / coarse, {
      unit: 'times',
      goal: historyFactorGoal,
    }),
  ];
}

async function httpYear(store: GatewayStore, reader: CountsReader, line: string): Promise<number> {
  const counters = newIntakeCounters();
  const alarm = { paused() {}, resumed() {}, failed() {} };
  const app = await buildApp({
    store,
    reader,
    intake: new Intake({ now: Date.now, alarm, counters }),
    counters,
    link: new RecordedLink(),
    board: new LiveBoard({ reader, now: Date.now, failed: () => {} }),
    software: 'bench',
    logger: pino({ level: 'silent' }),
    settings: parseGatewayConfig({}, 'bench'),
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const [from, to] = [year.fromMs, year.toMs].map((atMs) => new Date(atMs).toISOString());
  const milliseconds = await p50(async () => {
    const answer = await fetch(`${url}/v1/lines/${line}/counts?from=${from}&to=${to}&resolution=1h`, {
      headers: { 'accept-encoding': 'identity' },
    });
    if (!answer.ok) throw new Error(`the bench was answered ${answer.status}`);
    await answer.arrayBuffer();
  });
  await app.close();
  return milliseconds;
}
