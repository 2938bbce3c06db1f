import type { Conflict } from '../contract/enrolment.ts';
import type { AssignmentRecord, Setup } from '../store/count-store.ts';

/**
 * Record `assignment`: what was decided on site. `configuration` where it changes a row that the
 * configuration has, `enrolment` where it is a row of its own.
 */
export interface AssignmentBody extends AssignmentRecord {
  readonly origin: 'configuration' | 'enrolment';
}

/** The id of an assignment's record: a sensor begins at a line once at a time. */
export function assignmentId({ line, device, sensor, fromMs }: AssignmentRecord): string {
  return `${line} ${device} ${sensor} ${fromMs ?? 'start'}`;
}

/**
 * The setup in force: sites and lines of the configuration, its sensors, and over them what was
 * decided by enrolling. Where both speak of the same time, the enrolment counts, so that nobody is
 * counted twice; what the configuration says instead is a conflict to be shown. Pure.
 */
export function effectiveSetup(
  configured: Setup,
  decided: readonly AssignmentBody[],
): { readonly setup: Setup; readonly conflicts: readonly Conflict[] } {
  const conflicts: Conflict[] = [];
  const lines = new Set(configured.lines.map(({ id }) => id));
  const changes = new Map(
    decided.filter(({ origin }) => origin === 'configuration').map((body) => [assignmentId(body), body]),
  );
  const enrolled = decided.filter((body) => {
    if (body.origin !== 'enrolment') return false;
    if (!lines.has(body.line) && isOpen(body)) conflicts.push(unknownLine(body));
    return lines.has(body.line);
  });
  const rows = configured.assignments.map((row) => {
    const change = changes.get(assignmentId(row));
    if (change === undefined) return row;
    const changed = plain(change);
    if (JSON.stringify(plain(row)) !== JSON.stringify(changed)) conflicts.push(overridden(row, changed));
    return changed;
  });
  const kept = rows.flatMap((row) => {
    const inPlace = enrolled.filter((body) => countTogether(row, body));
    if (inPlace.length > 0) conflicts.push(setAside(row, inPlace));
    return inPlace.reduce<readonly AssignmentRecord[]>(
      (left, body) => left.flatMap((part) => without(part, body)),
      [row],
    );
  });
  return { setup: { ...configured, assignments: [...kept, ...enrolled.map(plain)] }, conflicts };
}

/** Whether an assignment has no end yet. */
export function isOpen({ untilMs }: AssignmentRecord): boolean {
  return untilMs === null;
}

/** Whether two rows would both add to the same line and lane for some time. */
export function countTogether(one: AssignmentRecord, other: AssignmentRecord): boolean {
  return (
    one.line === other.line &&
    one.lane === other.lane &&
    one.role !== 'witness' &&
    other.role !== 'witness' &&
    startOf(one) < endOf(other) &&
    startOf(other) < endOf(one)
  );
}

/** What is left of a configured row outside the time of an enrolment: nothing, one part or two. */
function without(row: AssignmentRecord, enrolled: AssignmentRecord): AssignmentRecord[] {
  if (!countTogether(row, enrolled)) return [row];
  const parts: AssignmentRecord[] = [];
  if (startOf(row) < startOf(enrolled)) parts.push({ ...row, untilMs: enrolled.fromMs });
  if (endOf(enrolled) < endOf(row)) parts.push({ ...row, fromMs: enrolled.untilMs });
  return parts;
}

function plain({
  line,
  device,
  sensor,
  role,
  lane,
  sign,
  fromMs,
  untilMs,
}: AssignmentRecord): AssignmentRecord {
  return { line, device, sensor, role, lane, sign, fromMs, untilMs };
}

function startOf({ fromMs }: AssignmentRecord): number {
  return fromMs ?? Number.NEGATIVE_INFINITY;
}

function endOf({ untilMs }: AssignmentRecord): number {
  return untilMs ?? Number.POSITIVE_INFINITY;
}

function unknownLine({ line, device, sensor }: AssignmentRecord): Conflict {
  return {
    kind: 'line-unknown',
    subject: `${device}/${sensor}`,
    detail: `enrolled at line "${line}", which the configuration does not name`,
  };
}

function overridden(row: AssignmentRecord, changed: AssignmentRecord): Conflict {
  const said = (assignment: AssignmentRecord) =>
    `${assignment.sign === -1 ? 'swapped, ' : ''}until ${timeText(assignment.untilMs)}`;
  return {
    kind: 'configuration-overridden',
    subject: `${row.line}: ${row.device}/${row.sensor}`,
    detail: `configured ${said(row)}; in force ${said(changed)}`,
  };
}

function setAside(row: AssignmentRecord, inPlace: readonly AssignmentRecord[]): Conflict {
  const spans = inPlace.map(
    ({ device, sensor, fromMs, untilMs }) =>
      `${device}/${sensor} from ${fromMs === null ? 'the beginning' : timeText(fromMs)} until ${timeText(untilMs)}`,
  );
  return {
    kind: 'configuration-set-aside',
    subject: `${row.line}: ${row.device}/${row.sensor}`,
    detail: `configured, but enrolled devices count here instead: ${spans.join('; ')}`,
  };
}

function timeText(atMs: number | null): string {
  return atMs === null ? 'further notice' : new Date(atMs).toISOString().replace('.000Z', 'Z');
}
