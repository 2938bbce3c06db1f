import { sunAmbientKcps } from '../../edge-agent/count/zone-watch.ts';
import type { EmptyZone } from '../baseline/empty-scene.ts';
import { type Finding, finding } from '../scan/finding.ts';
import { viewWidthMm } from './field-of-view.ts';

export type MountCode =
  | 'height-good'
  | 'height-low'
  | 'height-high'
  | 'height-differs'
  | 'passage-wide'
  | 'zones-differ'
  | 'reflections'
  | 'noisy'
  | 'sunlight'
  | 'sunlight-unknown'
  | 'door-in-view'
  | 'door-clear'
  | 'door-unchecked';

/** Mounting heights that docs/hardware.md allows. */
const heightMmMin = 2200;
const heightMmMax = 3500;
/** A tape and a sensor that disagree by more have not measured the same thing. */
const tapeToleranceMm = 80;
/** One sensor serves a lane of this width (docs/hardware.md). */
const laneMm = 900;
/** Zones of a level sensor over a level floor differ by less: 2° of tilt make 40 mm at 2.5 m. */
const zonesDifferMmMax = 120;
const badShareMax = 0.05;
const deviationMmMax = 60;
/** Half a view zone is about 4.7° off the vertical: the floor seems this much farther than it is. */
const slant = Math.cos((4.75 * Math.PI) / 180);

/** Floor to lens, from what the zones of a ceiling sensor see; to the centimetre. */
export function heightFromFloorMm(zones: readonly EmptyZone[]): number {
  const farthest = Math.max(...zones.map(({ idleMm }) => idleMm));
  return Math.round((farthest * slant) / 10) * 10;
}

export interface MountingFacts {
  readonly geometry: 'ceiling' | 'side';
  readonly zones: readonly EmptyZone[];
  readonly measuredMm: number;
  readonly heightMm: number;
  /** Free width of the passage, where it was told. */
  readonly passageMm: number | null;
}

/** What is good and what is not about how a sensor hangs. */
export function mountingAdvice(facts: MountingFacts): Finding<MountCode>[] {
  const { zones, heightMm, measuredMm, geometry } = facts;
  const details = { heightMm, measuredMm };
  const findings: Finding<MountCode>[] = [];
  if (geometry === 'ceiling') {
    const headMm = Math.round(viewWidthMm(heightMm, 1700));
    if (heightMm < heightMmMin)
      findings.push(finding('height-low', 'bad', { details: { ...details, headMm } }));
    else if (heightMm > heightMmMax) findings.push(finding('height-high', 'bad', { details }));
    else findings.push(finding('height-good', 'good', { details: { ...details, headMm } }));
    if (Math.abs(heightMm - measuredMm) > tapeToleranceMm)
      findings.push(finding('height-differs', 'hint', { details }));
    if (facts.passageMm !== null && facts.passageMm > laneMm * 1.2) {
      const sensors = Math.ceil(facts.passageMm / laneMm);
      findings.push(finding('passage-wide', 'bad', { details: { passageMm: facts.passageMm, sensors } }));
    }
  }
  const idle = zones.map(({ idleMm }) => idleMm);
  const differMm = Math.round(Math.max(...idle) - Math.min(...idle));
  if (differMm > zonesDifferMmMax) findings.push(finding('zones-differ', 'bad', { details: { differMm } }));
  for (const zone of zones) findings.push(...lightAdvice(zone));
  if (zones.every(({ ambientKcps }) => ambientKcps === null))
    findings.push(finding('sunlight-unknown', 'hint'));
  return findings;
}

function lightAdvice(zone: EmptyZone): Finding<MountCode>[] {
  const { side } = zone;
  if ((zone.ambientKcps ?? 0) >= sunAmbientKcps) {
    return [finding('sunlight', 'bad', { details: { side, ambientKcps: Math.round(zone.ambientKcps!) } })];
  }
  if (zone.badShare > badShareMax) {
    return [finding('reflections', 'bad', { details: { side, percent: Math.round(100 * zone.badShare) } })];
  }
  if (zone.deviationMm > deviationMmMax) {
    return [finding('noisy', 'bad', { details: { side, deviationMm: Math.round(zone.deviationMm) } })];
  }
  return [];
}
