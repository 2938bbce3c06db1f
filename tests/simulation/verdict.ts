import { flagMask } from '../../gateway/store/minute.ts';
import { completenessOf } from '../../gateway/web/api/device-reader.ts';
import type { ClosedRecord, DeviceLedger, Violation } from './ledger.ts';
import { judgeLooking } from './looking.ts';
import { epochSecondsAtStart } from './sim-process.ts';
import { hoursDiffer, readStoredMinutes, type StoredMinute } from './stored-minutes.ts';
import type { World } from './world.ts';

/** What became of everything that was closed. */
export interface Verdict {
  readonly closed: number;
  readonly stored: number;
  /** Not stored, and declared: the card that held them is damaged or gone. */
  readonly declared: number;
  readonly lost: number;
  readonly doubled: number;
  readonly violations: readonly Violation[];
}

/** A clock that is kept differs so much from the truth at most; nothing may be placed further off. */
const placeErrorSecondsMax = 1;

const overlapping = flagMask(['overlapping']);

/** The longest a machine is without power here: nine weeks. */
const unknownSecondsMax = 9 * 7 * 86_400;

/** Holds the gateway's store against the ledger. */
export async function judge(world: World): Promise<Verdict> {
  const { ledger } = world.device;
  const violations = [...world.violations];
  const rows = readStoredMinutes(world.gateway.file);
  const originOf = (row: StoredMinute) =>
    ledger.sent.get(`${keyOf(row)}/${row.hash}`) ?? `none ${keyOf(row)}`;
  const byOrigin = Map.groupBy(rows, originOf);
  const told = await toldLoss(world);
  let [stored, declared, lost, doubled] = [0, 0, 0, 0];
  for (const record of ledger.records) {
    const found = byOrigin.get(record.origin) ?? [];
    byOrigin.delete(record.origin);
    const [row, ...more] = found;
    doubled += more.length;
    if (more.length > 0) violations.push(`${nameOf(record)} is stored ${found.length} times`);
    if (row !== undefined) {
      stored += 1;
      violations.push(...differences(record, row, ledger.timedBoots));
    } else if (record.excuse !== null) {
      declared += 1;
      if (record.announced && !world.gateway.wasRestored && ![...record.keys].some((key) => told.has(key)))
        violations.push(`${nameOf(record)} went with its card, and nobody says so`);
    } else {
      lost += 1;
      violations.push(`${nameOf(record)} is lost`);
    }
  }
  for (const row of [...byOrigin.values()].flat())
    violations.push(`${keyOf(row)} is stored and was never closed`);
  const twice = overlaps(ledger);
  violations.push(
    ...twice,
    ...wrongFlags(rows),
    ...(await hoursDiffer(world, rows)),
    ...judgeLooking(ledger, world.beatSecondsMax),
  );
  violations.push(...(await refusals(world)));
  return {
    closed: ledger.records.length,
    stored,
    declared,
    lost,
    doubled: doubled + twice.length,
    violations,
  };
}

function keyOf({ epoch, sequence }: { epoch: string; sequence: number }): string {
  return `${epoch}/${sequence}`;
}

function nameOf(record: ClosedRecord): string {
  return `${[...record.keys].join(' ')} (from ${record.fromSeconds.toFixed(3)}, ${record.excuse ?? record.interval.clock})`;
}

function differences(record: ClosedRecord, row: StoredMinute, timed: ReadonlySet<string>): Violation[] {
  const { interval } = record;
  if (interval.kind !== 'motion') return ['not a motion interval'];
  const faults: Violation[] = [];
  const differ = (name: string, closed: unknown, stored: unknown) => {
    if (closed !== stored) faults.push(`${nameOf(record)}: ${name} closed as ${closed}, stored as ${stored}`);
  };
  differ('duration', interval.durationSeconds, row.durationMs / 1000);
  differ('coverage', interval.coverageSeconds, row.coverageMs / 1000);
  differ('activations', interval.activations, row.values[0]);
  differ('active seconds', interval.activeSeconds, row.values[1]! / 1000);
  differ('flags', flagMask(interval.flags), row.flags & ~overlapping);
  differ('clock', interval.clock, row.clock);
  differ('engine', interval.engine, row.engine);
  const trueStart = epochSecondsAtStart + record.fromSeconds;
  const error = row.startMs / 1000 - trueStart;
  // A boot that never learned the time is put as late as the next one allows: not before it was.
  // So is one whose time was written down on a card that was torn afterwards.
  const isUntimed = !timed.has(record.boot) || record.excuse === 'card-damaged';
  const latest = record.interval.place.epochSeconds === null && isUntimed ? unknownSecondsMax : 0;
  if (error < -placeErrorSecondsMax || error > placeErrorSecondsMax + latest) {
    faults.push(`${nameOf(record)}: placed ${error.toFixed(1)} s from where it was`);
  }
  return faults;
}

/** Intervals of one sensor that cover the same time twice. */
function overlaps(ledger: DeviceLedger): Violation[] {
  const sorted = [...ledger.records].sort((left, right) => left.fromSeconds - right.fromSeconds);
  const faults: Violation[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const record of sorted) {
    if (record.fromSeconds < end - 0.01) {
      faults.push(`${nameOf(record)} begins before the one before it ended (${end.toFixed(3)})`);
    }
    end = Math.max(end, record.fromSeconds + record.interval.durationSeconds);
  }
  return faults;
}

/** Stored minutes that share their time are flagged, all but the first of them, and no others are. */
function wrongFlags(rows: readonly StoredMinute[]): Violation[] {
  const commonMs = (left: StoredMinute, right: StoredMinute) =>
    Math.min(left.startMs + left.durationMs, right.startMs + right.durationMs) -
    Math.max(left.startMs, right.startMs);
  const isFlagged = (row: StoredMinute) => (row.flags & overlapping) !== 0;
  return rows.flatMap((row) => {
    const partners = rows.filter((other) => other !== row && commonMs(row, other) > 1_000);
    if (isFlagged(row) && partners.length === 0) return [`${keyOf(row)} is flagged as overlapping`];
    const silent = partners.filter((other) => !isFlagged(other) && !isFlagged(row));
    return silent.map((other) => `${keyOf(row)} and ${keyOf(other)} share their time silently`);
  });
}

/** Sequences of which the gateway says that they are missing or gone. */
async function toldLoss(world: World): Promise<ReadonlySet<string>> {
  const told = new Set<string>();
  const { store } = world.gateway;
  if (store === null) return told;
  const tell = (epoch: string, from: number, to: number) => {
    for (let sequence = from; sequence <= to; sequence += 1) told.add(keyOf({ epoch, sequence }));
  };
  try {
    const { epochs } = await completenessOf(store, world.device.name);
    for (const { epoch, missing } of epochs) for (const range of missing) tell(epoch, range[0]!, range[1]!);
  } catch {
    // A device that was never heard of.
  }
  for (const { epoch, ranges } of await store.readAccounts(world.device.name)) {
    for (const { from, to, disposition } of ranges) if (disposition === 'gone') tell(epoch, from, to);
  }
  return told;
}

/** An honest device sends nothing that is refused, and never one key with two contents. */
async function refusals(world: World): Promise<Violation[]> {
  const accounts = (await world.gateway.store?.readAccounts(world.device.name)) ?? [];
  return accounts.flatMap(({ epoch, ranges, reused }) => [
    ...ranges
      .filter(({ disposition }) => !['stored', 'gone', 'repeated'].includes(disposition))
      .map(({ from, to, disposition }) => `${epoch}/${from}-${to} was refused as ${disposition}`),
    ...reused.map(({ from, to }) => `${epoch}/${from}-${to} came again with other contents`),
  ]);
}
