import { type AgentConfig, parseAgentConfig } from '../../edge-agent/config.ts';
import type { SensorConfig } from '../../hardware/open-sensor.ts';
import type { Finding } from './finding.ts';

type Slots = AgentConfig['sensors'];

/**
 * The sensors of a first configuration: a VL53L1X is the door, two lidars are its two beams, detectors
 * are witnesses. WiFi listens only where a site profile asks for it, so it is not put in.
 */
export function foundSensors(findings: readonly Finding[]): Slots {
  const sources = findings.flatMap(({ source }) => (source === undefined ? [] : [source]));
  const slots: { sensor: string; source: SensorConfig }[] = [];
  const name = (wanted: string): string => {
    const taken = slots.filter(({ sensor }) => sensor.startsWith(wanted)).length;
    return taken === 0 ? wanted : `${wanted}-${taken + 1}`;
  };
  for (const source of sources) {
    if (source.kind === 'vl53l1x') slots.push({ sensor: name('door'), source });
  }
  const beams = sources.filter((source) => source.kind === 'tf-luna');
  for (let at = 0; at + 1 < beams.length; at += 2) {
    const insidePort = beams[at + 1]!.outsidePort;
    slots.push({ sensor: name('beams'), source: { ...beams[at]!, insidePort } });
  }
  for (const source of sources) {
    if (source.kind === 'pir') slots.push({ sensor: name('motion'), source });
  }
  return slots;
}

/** A first configuration, checked as the agent will check it. */
export function foundConfiguration(
  wished: {
    readonly device: string;
    readonly stateDir: string | undefined;
    readonly runDir: string | undefined;
    readonly sensors: Slots;
  },
  file: string,
): object {
  const { stateDir, runDir, device, sensors } = wished;
  const folders = {
    ...(stateDir === undefined ? {} : { stateDir }),
    ...(runDir === undefined ? {} : { runDir }),
  };
  const config = { device, ...folders, sensors };
  parseAgentConfig(config, file);
  return config;
}
