import type { GatewayConfig } from './config.ts';
import { protectionRuleOf } from './contract/protection.ts';
import type { SiteConfig } from './site-config.ts';
import { isTimeZone } from './values/local-time.ts';
import { protectionFault } from './values/sealing-calendar.ts';
import { unassignedSite } from './values/site-plan.ts';

type Assignment = SiteConfig['lines'][number]['sensors'][number];

/** What the schema of the configuration cannot say: relations between its parts, one line each. */
export function setupFaults(config: GatewayConfig): string[] {
  const sites = config.sites ?? [];
  const faults = isTimeZone(config.timeZone) ? [] : [`/timeZone "${config.timeZone}" is not a time zone`];
  if (config.catalogue !== undefined && config.publicUrl === undefined) {
    faults.push('/catalogue needs /publicUrl: a catalogue names addresses that others can reach');
  }
  faults.push(...repeated(sites.map(({ id }) => id)).map((id) => `site "${id}" is there twice`));
  const { certificateFile, keyFile } = config.certificate;
  if ((certificateFile === undefined) !== (keyFile === undefined)) {
    faults.push('/certificate names one file: certificateFile and keyFile belong together');
  }
  const lines = sites.flatMap((site) => site.lines);
  faults.push(...repeated(lines.map(({ id }) => id)).map((id) => `line "${id}" is there twice`));
  for (const site of sites) {
    if (site.id === unassignedSite) faults.push(`site "${site.id}" is the name of the automatic site`);
    const fault = protectionFault(protectionRuleOf(site.protection));
    if (fault !== null) faults.push(`site "${site.id}": ${fault}`);
    if (!isTimeZone(site.timeZone)) {
      faults.push(`site "${site.id}": timeZone "${site.timeZone}" is not a time zone`);
    }
  }
  for (const line of lines) {
    faults.push(...assignmentFaults(line.sensors).map((fault) => `line "${line.id}": ${fault}`));
  }
  return faults;
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, position) => names.indexOf(name) !== position))];
}

function assignmentFaults(sensors: readonly Assignment[]): string[] {
  const faults: string[] = [];
  for (const [position, sensor] of sensors.entries()) {
    const name = `${sensor.device}/${sensor.sensor}`;
    if ((sensor.role === 'lane') !== sensor.lane > 0) {
      faults.push(`${name}: a lane has a number from 1, everything else has none`);
    }
    if (startOf(sensor) >= endOf(sensor)) faults.push(`${name}: from is not before until`);
    for (const other of sensors.slice(position + 1)) {
      if (sensor.role === 'witness' || other.role === 'witness' || sensor.lane !== other.lane) continue;
      if (startOf(sensor) < endOf(other) && startOf(other) < endOf(sensor)) {
        faults.push(`${name} and ${other.device}/${other.sensor} count at the same time; make them lanes`);
      }
    }
  }
  return faults;
}

function startOf(sensor: Assignment): number {
  return sensor.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(sensor.from);
}

function endOf(sensor: Assignment): number {
  return sensor.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(sensor.until);
}
