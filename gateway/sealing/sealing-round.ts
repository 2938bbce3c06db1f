import { protectionRuleOf } from '../contract/protection.ts';
import type { EpochAccount } from '../store/account.ts';
import type { GatewayStore } from '../store/gateway-store.ts';
import type { Seal, SealWork, SensorQuarters, UnsettledQuarter } from '../store/seal-store.ts';
import { type DrawBelow, withNoise } from '../values/discrete-laplace.ts';
import { lineSums } from '../values/line-sums.ts';
import type { Span } from '../values/local-time.ts';
import { sealingCells } from '../values/sealing-calendar.ts';
import type { PlannedAssignment, SitePlan } from '../values/site-plan.ts';
import { readContributions } from '../web/api/line-source.ts';

const quarterMs = 900_000;
/** An interval closes ten seconds after its end, and then travels. */
const settleMs = 60_000;
/** A device that is silent in the middle of a cell holds it open for this long after the cell's first data. */
export const sealAfterMs = 48 * 3_600_000;
/** Quarters of one sensor in a round: a year of hours; what is beyond waits for the next round. */
const quartersMax = 40_000;

export interface SealingParts {
  readonly store: GatewayStore;
  readonly draw: DrawBelow;
  readonly nowMs: number;
}

type Line = SitePlan['lines'][number];

/** A counting sensor of a line with its unsettled quarters. */
interface Watched {
  readonly assignment: PlannedAssignment;
  readonly quarters: readonly UnsettledQuarter[];
}

/**
 * What is to be sealed of one line now. A cell is sealed when everything that its sensors recorded in it
 * has arrived, or 48 hours after its first data; a cell without data stays open, however old it is.
 */
export async function sealingWork(
  parts: SealingParts,
  at: { plan: SitePlan; line: Line },
  withheldBeforeMs: number,
): Promise<SealWork> {
  const { store, nowMs } = parts;
  const { plan, line } = at;
  const site = plan.sites.find(({ id }) => id === line.site)!;
  const watched = await readWatched(store, plan, line);
  const starts = watched.flatMap(({ quarters }) => quarters.map(({ startMs }) => startMs));
  if (starts.length === 0) return { seals: [], settled: [], late: [] };
  const range = {
    fromMs: starts.reduce((least, start) => Math.min(least, start)) - 86_400_000,
    toMs: starts.reduce((most, start) => Math.max(most, start)) + 1,
  };
  const sealed = await store.readSeals(line.id, range);
  const rule = protectionRuleOf(site.protection);
  const work = {
    seals: [] as Seal[],
    settled: [] as SensorQuarters[],
    late: [] as SealWork['late'][number][],
  };
  const settle = (found: readonly Watched[]) => {
    for (const { assignment, quarters } of found) work.settled.push({ ...assignment, quarters });
  };
  for (const seal of sealed) {
    const found = within(watched, seal);
    if (found.length === 0) continue;
    const late = found.some(({ quarters }) => quarters.some(({ lastDataMs }) => lastDataMs >= seal.sealedMs));
    if (late) work.late.push({ line: line.id, startMs: seal.fromMs });
    settle(found);
  }
  for (const cell of sealingCells(range, rule, site.timeZone)) {
    const found = within(watched, cell);
    if (found.length === 0 || sealed.some((seal) => seal.fromMs < cell.toMs && seal.toMs > cell.fromMs))
      continue;
    if (cell.fromMs < withheldBeforeMs) settle(found);
    else if (cell.toMs + settleMs <= nowMs) {
      const seal = await sealOf(parts, {
        plan,
        line,
        cell,
        timeZone: site.timeZone,
        epsilon: rule.epsilon,
        found,
      });
      if (seal === null) continue;
      work.seals.push(seal);
      settle(found);
    }
  }
  return work;
}

async function readWatched(store: GatewayStore, plan: SitePlan, line: Line): Promise<Watched[]> {
  const counting = plan.assignments.filter(({ line: id, role }) => id === line.id && role !== 'witness');
  return Promise.all(
    counting.map(async (assignment) => {
      const all = await store.readUnsettled(assignment, quartersMax);
      const { fromMs, untilMs } = assignment;
      const quarters = all.filter(
        ({ startMs }) =>
          startMs + quarterMs > (fromMs ?? 0) && startMs < (untilMs ?? Number.POSITIVE_INFINITY),
      );
      return { assignment, quarters };
    }),
  );
}

/** The sensors that have unsettled quarters in a span, with these quarters only. */
function within(watched: readonly Watched[], span: Span): Watched[] {
  return watched.flatMap(({ assignment, quarters }) => {
    const found = quarters.filter(({ startMs }) => startMs >= span.fromMs && startMs < span.toMs);
    return found.length === 0 ? [] : [{ assignment, quarters: found }];
  });
}

interface Candidate {
  readonly plan: SitePlan;
  readonly line: Line;
  readonly cell: Span;
  readonly timeZone: string;
  readonly epsilon: number;
  readonly found: readonly Watched[];
}

/** The seal of a cell; null where the cell has to wait. */
async function sealOf(parts: SealingParts, candidate: Candidate): Promise<Seal | null> {
  const { store, draw, nowMs } = parts;
  const { plan, line, cell, timeZone, epsilon, found } = candidate;
  const query = { range: cell, resolution: '1h' as const, cells: [cell], timeZone };
  const contributions = await readContributions(store, { plan, line }, query);
  const sums = lineSums(contributions);
  const coverageSeconds = sums.reduce((sum, part) => sum + part.coverageSeconds, 0);
  if (!(await hasAllArrived(store, candidate))) {
    const firstDataMs = Math.min(
      ...found.flatMap(({ quarters }) => quarters.map((quarter) => quarter.firstDataMs)),
    );
    if (coverageSeconds === 0 || nowMs < firstDataMs + sealAfterMs) return null;
  }
  const lanes = Math.max(1, new Set(contributions.map(({ lane }) => lane)).size);
  const coverageTenths = tenths((coverageSeconds * 1000) / (lanes * (cell.toMs - cell.fromMs)));
  const sumOf = (name: 'in' | 'out') => sums.reduce((sum, part) => sum + part[name], 0);
  const noisy = (name: 'in' | 'out') => (coverageTenths === 0 ? null : withNoise(sumOf(name), epsilon, draw));
  return {
    line: line.id,
    ...cell,
    in: noisy('in'),
    out: noisy('out'),
    coverageTenths,
    epsilon,
    sealedMs: nowMs,
    late: false,
  };
}

/** Coverage in tenths, since hundredths could tell of one person before the sensor; a little is not nothing. */
function tenths(coverage: number): number {
  return coverage === 0 ? 0 : Math.min(10, Math.max(1, Math.round(coverage * 10)));
}

/** Whether every sensor of the line has delivered all it recorded in the cell. */
async function hasAllArrived(store: GatewayStore, { plan, line, cell }: Candidate): Promise<boolean> {
  const counting = plan.assignments.filter(({ line: id, role }) => id === line.id && role !== 'witness');
  for (const { device, sensor, fromMs, untilMs } of counting) {
    const from = Math.max(cell.fromMs, fromMs ?? cell.fromMs);
    const to = Math.min(cell.toMs, untilMs ?? cell.toMs);
    if (from >= to) continue;
    const of = { device, sensor, kind: line.kind, cellSeconds: 900 as const };
    const parts = await store.readCells({ ...of, fromMs: from, toMs: to });
    const seconds = parts.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
    if (seconds * 1000 >= to - from) continue;
    // Some of the time is missing: it was never recorded if all that the device ever closed is here and it has gone on since.
    const since = await store.readCells({ ...of, fromMs: cell.toMs, toMs: cell.toMs + laterMs });
    if (since.length === 0 || !isComplete(await store.readAccounts(device))) return false;
  }
  return true;
}

/** How far is looked ahead for a sign that a sensor has gone on: a week of being switched off. */
const laterMs = 7 * 86_400_000;

function isComplete(accounts: readonly EpochAccount[]): boolean {
  return accounts.every(({ through, sent }) => through >= sent);
}
