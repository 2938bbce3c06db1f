import { readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import Value from 'typebox/value';
import { monotonicClock } from '../clock.ts';
import type { I2cBus } from '../i2c/i2c-bus.ts';
import { LinuxMachine } from '../machine/linux-machine.ts';
import type { Access, Machine, ProgramAnswer } from '../machine/machine.ts';
import { SensorError } from '../sensor.ts';
import type { SerialPortDescription } from '../serial/serial-binding.ts';
import { EmulatedI2cBus, type EmulatedI2cTarget } from './emulated-i2c-bus.ts';
import { EmulatedVl53l1x } from './emulated-vl53l1x.ts';
import { EmulatedWalksConfig } from './emulated-walks-config.ts';
import { PlainI2cChip } from './plain-i2c-chip.ts';
import type { Scene } from './scene.ts';

const closed = { additionalProperties: false } as const;
const Address = Type.Integer({ minimum: 0x08, maximum: 0x77 });

const Chip = Type.Union([
  Type.Object({ kind: Type.Literal('vl53l1x'), emulated: Type.Optional(EmulatedWalksConfig) }, closed),
  Type.Object(
    {
      kind: Type.Literal('registers'),
      address: Address,
      registers: Type.Record(
        Type.String({ pattern: '^0x[0-9a-f]{2}$' }),
        Type.Integer({ minimum: 0, maximum: 255 }),
      ),
    },
    closed,
  ),
]);

const Port = Type.Object(
  {
    path: Type.String(),
    serialNumber: Type.Optional(Type.String()),
    vendorId: Type.Optional(Type.String()),
    productId: Type.Optional(Type.String()),
    pnpId: Type.Optional(Type.String()),
  },
  closed,
);

/** A machine as a file describes it, for lessons and tests. */
export const PracticeMachineConfig = Type.Object(
  {
    root: Type.String({ description: 'Folder that stands for /: its sys, proc and dev are looked at.' }),
    deniedPaths: Type.Array(Type.String(), { default: [], description: 'There, but not for this user.' }),
    i2c: Type.Record(Type.String(), Type.Array(Chip), { default: {} }),
    serialPorts: Type.Array(Port, { default: [] }),
  },
  closed,
);
export type PracticeMachineConfig = Static<typeof PracticeMachineConfig>;

/** Reads a described machine. Throws `SensorError` with what is wrong with the file. */
export function openPracticeMachine(file: string): PracticeMachine {
  let value: unknown;
  try {
    value = Value.Default(PracticeMachineConfig, JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new SensorError('file-unreadable', `${file}: ${(cause as Error).message}`, { cause });
  }
  const [fault] = Value.Errors(PracticeMachineConfig, value);
  if (fault !== undefined) {
    throw new SensorError('file-unreadable', `${file}: ${fault.instancePath || 'the file'} ${fault.message}`);
  }
  return new PracticeMachine(value as PracticeMachineConfig);
}

/** A described machine: files from a folder, programs from the PATH, emulated chips on its I²C buses. */
export class PracticeMachine implements Machine {
  readonly #config: PracticeMachineConfig;
  readonly #folder: LinuxMachine;
  readonly #here = new LinuxMachine();

  constructor(config: PracticeMachineConfig) {
    this.#config = config;
    this.#folder = new LinuxMachine(config.root);
  }

  read(path: string): Promise<string | null> {
    return this.#folder.read(path);
  }

  list(folder: string): Promise<readonly string[]> {
    return this.#folder.list(folder);
  }

  async access(path: string): Promise<Access> {
    if (this.#config.deniedPaths.includes(path)) return 'denied';
    // Pseudo-terminals stand for serial ports: they lie where they lie.
    if (this.#config.serialPorts.some((port) => port.path === path)) return this.#here.access(path);
    return this.#folder.access(path);
  }

  run(program: string, ...parameters: readonly string[]): Promise<ProgramAnswer | null> {
    return this.#here.run(program, ...parameters);
  }

  async serialPorts(): Promise<readonly SerialPortDescription[]> {
    return this.#config.serialPorts;
  }

  async openI2c(path: string): Promise<I2cBus> {
    const chips = this.#config.i2c[path];
    if (chips === undefined) throw new SensorError('device-missing', `${path}: no such bus`);
    const targets: EmulatedI2cTarget[] = chips.map((chip) =>
      chip.kind === 'vl53l1x'
        ? new EmulatedVl53l1x({ scene: nothing })
        : new PlainI2cChip(chip.address, chip.registers),
    );
    return new EmulatedI2cBus({ targets, clock: monotonicClock, bitsPerSecond: 0 });
  }

  /** How the chip on a bus is emulated when it counts: what `scan` writes into a configuration. */
  emulationOf(path: string): EmulatedWalksConfig | undefined {
    for (const chip of this.#config.i2c[path] ?? []) {
      if (chip.kind === 'vl53l1x' && chip.emulated !== undefined) return chip.emulated;
    }
    return undefined;
  }
}

/** Whoever only asks for identities never looks at the scene. */
const nothing: Scene = {
  measure: () => ({ distanceMm: 0, status: 4, signalKcps: 0, ambientKcps: 0, sigmaMm: 0, spads: 0 }),
};
