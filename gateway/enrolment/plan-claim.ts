import type { EnrolmentClaim } from '../contract/enrolment.ts';
import type { AssignmentRecord, LineRecord, Setup } from '../store/count-store.ts';
import { type AssignmentBody, countTogether, isOpen } from './effective-setup.ts';
import { EnrolmentRefusal } from './enrolment-refusal.ts';

/** Intervals are minutes: a change in the middle of one would cut it in two. */
export const changeMs = 60_000;

/** What a claim may do: one device, at one line, from now on. */
export interface ClaimedPlace {
  readonly device: string;
  readonly line: string;
  readonly atMs: number;
}

/** The rows a claim writes: new ones, and those it ends. */
export interface ClaimPlan {
  readonly added: readonly AssignmentBody[];
  readonly ended: readonly AssignmentRecord[];
}

/** What a claim means for the setup in force. Pure; throws an `EnrolmentRefusal`. */
export function planClaim(claim: EnrolmentClaim, place: ClaimedPlace, setup: Setup): ClaimPlan {
  const line = setup.lines.find(({ id }) => id === place.line);
  if (line === undefined)
    throw new EnrolmentRefusal('not-found', `There is no line "${place.line}" any more.`);
  const fromMs = Math.floor(place.atMs / changeMs) * changeMs;
  const plan =
    claim.replaces === undefined
      ? planFirst(claim, { ...place, atMs: fromMs }, { setup, line })
      : planReplacement(claim, { ...place, atMs: fromMs }, { setup, line });
  const left = setup.assignments.filter((row) => !plan.ended.includes(row));
  for (const row of plan.added) {
    const other = left.find((candidate) => countTogether(candidate, row));
    if (other !== undefined) throw taken(row.line, other);
  }
  return plan;
}

/** Where a claim puts its sensors, and the setup it does it in. */
interface Ground {
  readonly setup: Setup;
  readonly line: LineRecord;
}

function planFirst(claim: EnrolmentClaim, place: ClaimedPlace, { setup, line }: Ground): ClaimPlan {
  const sensor = sensorFor(claim, line);
  const mine = setup.assignments.filter((row) => row.device === place.device && isOpen(row));
  const here = mine.some((row) => row.line === line.id && row.sensor === sensor);
  const row = (name: string, role: AssignmentRecord['role']): AssignmentBody => ({
    ...{ line: line.id, device: place.device, sensor: name, role, origin: 'enrolment' as const },
    lane: role === 'lane' ? claim.lane! : 0,
    sign: claim.swapped === true && role !== 'witness' ? -1 : 1,
    fromMs: place.atMs,
    untilMs: null,
  });
  // Motion beside a counter watches it and is never added.
  const witnesses = line.kind === 'crossing' ? claim.sensors.filter(({ kind }) => kind === 'motion') : [];
  const added = [
    ...(here ? [] : [row(sensor, claim.lane === undefined ? 'counts' : 'lane')]),
    ...witnesses
      .filter((witness) => !mine.some((other) => other.line === line.id && other.sensor === witness.sensor))
      .map((witness) => row(witness.sensor, 'witness')),
  ];
  // A sensor hangs in one place: elsewhere its time is over.
  const names = new Set(added.map((one) => one.sensor));
  const ended = mine.filter((other) => other.line !== line.id && names.has(other.sensor));
  return { added, ended };
}

function planReplacement(claim: EnrolmentClaim, place: ClaimedPlace, { setup, line }: Ground): ClaimPlan {
  const old = claim.replaces!;
  const rows = setup.assignments.filter((row) => row.device === old && isOpen(row));
  const refuse = (why: string) => new EnrolmentRefusal('not-replaceable', why);
  if (old === place.device) throw refuse('A device does not replace itself.');
  if (!rows.some((row) => row.line === line.id)) {
    throw refuse(`"${old}" has no sensor at line "${line.id}" now.`);
  }
  const kindOf = new Map(setup.lines.map(({ id, site, kind }) => [id, { site, kind }]));
  const elsewhere = rows.find((row) => kindOf.get(row.line)?.site !== line.site);
  if (elsewhere) throw refuse(`"${old}" also counts at "${elsewhere.line}" of another site.`);
  const added = rows.flatMap((row): AssignmentBody[] => {
    const sensor = successorOf(row, claim, { rows, kind: kindOf.get(row.line)!.kind });
    if (sensor === null) return [];
    const sign = claim.swapped === true && row.role !== 'witness' ? -1 : 1;
    const { atMs: fromMs, device } = place;
    return [{ ...row, device, sensor, sign, fromMs, untilMs: null, origin: 'enrolment' }];
  });
  return { added, ended: rows };
}

/** The slot of the new device that goes on where a row of the old one ends; null for a witness it does not have. */
function successorOf(
  row: AssignmentRecord,
  claim: EnrolmentClaim,
  { rows, kind }: { rows: readonly AssignmentRecord[]; kind: LineRecord['kind'] },
): string | null {
  const wanted = row.role === 'witness' ? 'motion' : kind;
  const fitting = claim.sensors.filter((sensor) => sensor.kind === wanted);
  const same = fitting.find(({ sensor }) => sensor === row.sensor);
  if (same) return same.sensor;
  const alike = rows.filter(({ role }) => (role === 'witness') === (row.role === 'witness'));
  if (fitting.length === 1 && alike.length === 1) return fitting[0]!.sensor;
  if (row.role === 'witness') return null;
  throw new EnrolmentRefusal(
    'sensor-unclear',
    `Nothing of the new device goes on for "${row.sensor}" at line "${row.line}": give a slot that name.`,
  );
}

function sensorFor(claim: EnrolmentClaim, line: LineRecord): string {
  const fitting = claim.sensors.filter(({ kind }) => kind === line.kind).map(({ sensor }) => sensor);
  const refuse = (why: string) => new EnrolmentRefusal('sensor-unclear', why);
  if (claim.sensor !== undefined) {
    if (fitting.includes(claim.sensor)) return claim.sensor;
    throw refuse(`"${claim.sensor}" delivers no ${line.kind}, which line "${line.id}" wants.`);
  }
  const [only, ...more] = fitting;
  if (only === undefined)
    throw refuse(`No sensor of the device delivers ${line.kind} for line "${line.id}".`);
  if (more.length > 0) throw refuse(`Several sensors would do for line "${line.id}": ${fitting.join(', ')}.`);
  return only;
}

function taken(line: string, { device, sensor }: AssignmentRecord): EnrolmentRefusal {
  return new EnrolmentRefusal(
    'line-taken',
    `"${device}/${sensor}" counts at line "${line}": replace "${device}", or make lanes of both.`,
  );
}
