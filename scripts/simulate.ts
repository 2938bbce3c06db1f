import { readFile } from 'node:fs/promises';
import { simulateBeamPair } from '../hardware/emulated/walks/beam-pair-simulation.ts';
import { parseCameraTracks, trackShapes } from '../hardware/emulated/walks/camera-tracks.ts';
import { walkProfileNames, walkProfiles } from '../hardware/emulated/walks/walk-profiles.ts';
import { writeWalkRecording } from '../hardware/emulated/walks/walk-recording.ts';
import { simulateWalks, type WalkSimulation } from '../hardware/emulated/walks/walk-simulation.ts';
import { parseSimulateCommand, type SimulateCommand, simulateUsage } from './simulate/simulate-command.ts';

/** `npm run -s simulate -- …`: writes a recording of simulated walks and the truth beside it. */

async function tracksOf({ tracksFile }: SimulateCommand) {
  if (tracksFile === undefined) return {};
  try {
    return { tracks: trackShapes(parseCameraTracks(await readFile(tracksFile, 'utf8'))) };
  } catch (error) {
    throw new Error(`${tracksFile}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

async function simulate(command: SimulateCommand): Promise<WalkSimulation> {
  const tracks = await tracksOf(command);
  if (command.sensor === 'vl53l1x') return simulateWalks({ ...command, ...tracks });
  const { readingsPerSecond, sensor, ...options } = command;
  const perBeam = readingsPerSecond === undefined ? {} : { readingsPerSecond: readingsPerSecond / 2 };
  return simulateBeamPair({ ...options, ...tracks, sensor, ...perBeam });
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const command = parseSimulateCommand(args);
    if (command.kind === 'help') {
      console.log(simulateUsage);
      return 0;
    }
    if (command.kind === 'list') {
      for (const name of walkProfileNames) console.log(`${name.padEnd(16)}${walkProfiles[name].description}`);
      return 0;
    }
    const simulation = await simulate(command);
    const truthFile = await writeWalkRecording(simulation, command);
    const { crossings } = simulation.truth;
    const inwards = crossings.filter(({ direction }) => direction === 'in').length;
    const readings = `${command.file}: ${simulation.readings.length} readings`;
    console.log(`${readings}; ${truthFile}: ${inwards} in, ${crossings.length - inwards} out`);
    return 0;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`simulate: ${reason.split('\n')[0]}`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
