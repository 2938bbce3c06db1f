import { openPracticeMachine } from '../../hardware/emulated/practice-machine.ts';
import { LinuxMachine } from '../../hardware/machine/linux-machine.ts';
import type { Machine } from '../../hardware/machine/machine.ts';
import type { EmulationOf } from './survey-i2c.ts';

/** This machine, or the one that `--practice FILE` describes. Throws `SensorError` for a bad file. */
export function chooseMachine(practice: string | undefined): { machine: Machine; emulationOf: EmulationOf } {
  if (practice === undefined) return { machine: new LinuxMachine(), emulationOf: () => undefined };
  const machine = openPracticeMachine(practice);
  return { machine, emulationOf: (path) => machine.emulationOf(path) };
}
