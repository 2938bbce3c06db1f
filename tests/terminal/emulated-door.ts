import type { Terminal } from './terminal.ts';

/** An installation whose VL53L1X hangs over a stage: `stage` lines direct who comes. */
export interface EmulatedDoor {
  /** The options that name it: `--config …`. */
  readonly options: string;
  readonly configFile: string;
  readonly profileFile: string;
  /** Lets somebody act under the sensor: `walk in`, `stand`, `leave`, `unplug`, … (hardware/emulated/stage.ts). */
  readonly stage: (line: string) => void;
}

/** Writes the agent's configuration of an emulated door into the terminal's folder. */
export function emulatedDoor(
  terminal: Terminal,
  {
    mountingHeightMm = 2500,
    ...source
  }: { mountingHeightMm?: number; firstLooks?: 'outside' | 'inside' } = {},
  uplink?: { url: string; startDelaySecondsMax?: number },
): EmulatedDoor {
  const emulated = { profile: 'easy', seed: 7, stage: terminal.file('stage') };
  const configFile = terminal.write('agent.json', {
    device: 'door-1',
    stateDir: terminal.file('state'),
    runDir: terminal.file('run'),
    clock: 'trusted',
    ...(uplink === undefined ? {} : { uplink }),
    sensors: [{ sensor: 'door', source: { kind: 'vl53l1x', mountingHeightMm, emulated, ...source } }],
  });
  return {
    options: `--config ${configFile}`,
    configFile,
    profileFile: terminal.file('state/site-profile.json'),
    stage: (line) => terminal.append('stage', line),
  };
}
