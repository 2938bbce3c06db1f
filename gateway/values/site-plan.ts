import type { LineKind, LineRole } from '../contract/http-api.ts';
import type { ProtectionRule } from '../contract/protection.ts';
import type { SiteDetails } from '../contract/site-details.ts';

/**
 * Sites, lines and which sensor belongs to which line, with automatic lines for sensors that nobody
 * has assigned yet: a newcomer sees numbers at once.
 */

export interface PlannedSite {
  readonly id: string;
  readonly name: string;
  readonly organisation: string;
  readonly town: string;
  readonly timeZone: string;
  readonly details?: SiteDetails;
  /** How its lines are sealed; what is not said is as in `protectionRuleOf`. */
  readonly protection?: Partial<ProtectionRule>;
}

export interface PlannedAssignment {
  readonly line: string;
  readonly device: string;
  readonly sensor: string;
  readonly role: 'counts' | 'witness' | 'lane';
  readonly lane: number;
  readonly sign: 1 | -1;
  readonly fromMs: number | null;
  readonly untilMs: number | null;
}

export interface PlannedLine {
  readonly id: string;
  readonly site: string;
  readonly name: string;
  readonly role: LineRole;
  readonly kind: LineKind;
}

/** What the store knows, as far as the plan needs it. */
export interface PlanSource {
  readonly sites: readonly PlannedSite[];
  readonly lines: readonly PlannedLine[];
  readonly assignments: readonly PlannedAssignment[];
  readonly sensors: readonly { readonly device: string; readonly sensor: string; readonly kind: LineKind }[];
  readonly devices: readonly {
    readonly device: string;
    readonly status: {
      readonly sensors: readonly {
        readonly sensor: string;
        readonly kind: string;
        readonly simulated: boolean;
      }[];
    } | null;
  }[];
}

export interface SitePlan {
  readonly sites: readonly PlannedSite[];
  readonly lines: readonly (PlannedLine & { readonly simulated: boolean })[];
  readonly assignments: readonly PlannedAssignment[];
}

/** A sensor with this slot counts passers-by: imports of other people's street counters have it. */
export const streetSlot = 'street';

/** The site of the automatic lines; no configured site may have its name. */
export const unassignedSite = 'unassigned';

/** Builds the plan; `defaultTimeZone` is the one of the automatic site. */
export function planSites(source: PlanSource, defaultTimeZone: string): SitePlan {
  const assigned = new Set(source.assignments.map(({ device, sensor }) => slot(device, sensor)));
  const loose = looseSensors(source).filter(({ device, sensor }) => !assigned.has(slot(device, sensor)));
  const lines = [...source.lines, ...loose.map(automaticLine)];
  const assignments = [...source.assignments, ...loose.map(automaticAssignment)];
  const simulated = simulatedSlots(source);
  const simulatedLines = new Set(
    assignments.filter(({ device, sensor }) => simulated.has(slot(device, sensor))).map(({ line }) => line),
  );
  const site = { name: '', organisation: '', town: '', id: unassignedSite, timeZone: defaultTimeZone };
  return {
    sites: loose.length > 0 ? [...source.sites, site] : source.sites,
    lines: lines.map((line) => ({ ...line, simulated: simulatedLines.has(line.id) })),
    assignments,
  };
}

interface Loose {
  readonly device: string;
  readonly sensor: string;
  readonly kind: LineKind;
}

/** Sensors that have delivered, and those that a birth has named; a slot appears once. */
function looseSensors(source: PlanSource): Loose[] {
  const found = new Map<string, Loose>();
  for (const { device, status } of source.devices) {
    for (const { sensor, kind } of status?.sensors ?? []) {
      found.set(slot(device, sensor), { device, sensor, kind: lineKindOf(kind) });
    }
  }
  for (const sensor of source.sensors) found.set(slot(sensor.device, sensor.sensor), sensor);
  return [...found.values()].sort((left, right) => (lineIdOf(left) < lineIdOf(right) ? -1 : 1));
}

function lineKindOf(sensorKind: string): LineKind {
  if (sensorKind === 'wifi-probe') return 'presence';
  return sensorKind === 'pir' ? 'motion' : 'crossing';
}

function simulatedSlots(source: PlanSource): ReadonlySet<string> {
  return new Set(
    source.devices.flatMap(({ device, status }) =>
      (status?.sensors ?? []).filter(({ simulated }) => simulated).map(({ sensor }) => slot(device, sensor)),
    ),
  );
}

function automaticLine(loose: Loose): PlannedLine {
  const id = lineIdOf(loose);
  const role = loose.kind === 'presence' || loose.sensor === streetSlot ? 'street' : 'entrance';
  return { id, site: unassignedSite, name: `${loose.device} · ${loose.sensor}`, role, kind: loose.kind };
}

function automaticAssignment(loose: Loose): PlannedAssignment {
  const { device, sensor } = loose;
  const line = lineIdOf(loose);
  return { line, device, sensor, role: 'counts', lane: 0, sign: 1, fromMs: null, untilMs: null };
}

function lineIdOf({ device, sensor }: { device: string; sensor: string }): string {
  return `${device}.${sensor}`;
}

function slot(device: string, sensor: string): string {
  return `${device}/${sensor}`;
}
