import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import { type GpioProgram, type LibgpiodVersion, libgpiodVersion } from '../gpio/libgpiod-version.ts';
import { SensorError } from '../sensor.ts';
import { gpiomonArguments, gpiomonEdge } from './gpiomon-line.ts';

/** The most lines a chip of a Raspberry Pi has is 58 (BCM2711). */
const pinsMax = 64;
/** A gpiomon that cannot have its lines ends at once. */
const settleMs = 80;
/** The only mode a motion detector needs; number as in Firmata. */
const inputMode = 0;

/**
 * A johnny-five IO plugin for the pins of the machine itself: inputs only, edges from a `gpiomon`
 * process of libgpiod (1.6 or 2). All pins that are read share one process, which is started anew
 * when a pin joins. Emits `close` with a `SensorError` when the process ends by itself.
 */
export class GpiomonIo extends EventEmitter {
  readonly name = 'gpiomon';
  readonly MODES = { INPUT: inputMode, OUTPUT: 1, ANALOG: 2, PWM: 3, SERVO: 4 };
  readonly HIGH = 1;
  readonly LOW = 0;
  readonly pins = Array.from({ length: pinsMax }, () => ({
    supportedModes: [inputMode],
    mode: inputMode,
    value: 0,
    report: 0,
    analogChannel: 127,
  }));
  readonly analogPins: number[] = [];
  isReady = false;
  readonly #program: GpioProgram;
  readonly #chip: string;
  readonly #watched = new Set<number>();
  #version: LibgpiodVersion | null = null;
  #process: ChildProcess | null = null;
  #starting = false;

  constructor(options: { program: GpioProgram; chip: string }) {
    super();
    this.#program = options.program;
    this.#chip = options.chip;
  }

  /** Finds the program; johnny-five is told to be connected and ready. Throws `SensorError`. */
  async open(): Promise<void> {
    this.#version = await libgpiodVersion(this.#program.command, this.#program.leadingArguments);
    this.isReady = true;
    this.emit('connect');
    this.emit('ready');
  }

  normalize(pin: number): number {
    return pin;
  }

  pinMode(pin: number, mode: number): void {
    if (mode !== inputMode) throw new RangeError(`gpiomon: line ${pin}: inputs only`);
  }

  /** Calls back with 0 or 1 at each edge of `pin`. */
  digitalRead(pin: number, callback: (value: number) => void): void {
    this.on(`digital-read-${pin}`, callback);
    if (this.#watched.has(pin)) return;
    this.#watched.add(pin);
    if (this.#starting) return;
    this.#starting = true;
    // Pins asked for in one go share the first process.
    setImmediate(() => {
      this.#starting = false;
      this.#start();
    });
  }

  digitalWrite(pin: number): void {
    throw new RangeError(`gpiomon: line ${pin}: inputs only`);
  }

  /** Resolves when gpiomon has had its lines for a moment. Throws `SensorError` when it could not. */
  async settled(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.off('close', fail);
        resolve();
      }, settleMs);
      const fail = (error: SensorError) => {
        clearTimeout(timer);
        reject(error);
      };
      this.once('close', fail);
    });
  }

  stop(): void {
    const running = this.#process;
    this.#process = null;
    running?.kill('SIGTERM');
  }

  #start(): void {
    this.stop();
    const { command, leadingArguments } = this.#program;
    const options = gpiomonArguments(this.#version ?? 1, this.#chip, [...this.#watched]);
    const child = spawn(command, [...leadingArguments, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    let complaint = '';
    child.stderr.on('data', (bytes: Buffer) => {
      complaint = (complaint + bytes.toString()).slice(-400);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const edge = gpiomonEdge(line);
      if (edge === null || child !== this.#process) return;
      this.pins[edge.pin]!.value = edge.level;
      this.emit(`digital-read-${edge.pin}`, edge.level);
    });
    const end = (reason: string) => {
      if (child !== this.#process) return;
      this.#process = null;
      this.emit('close', gpiomonFailure(this.#chip, complaint.trim() || reason));
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) => end(`gpiomon ended (${signal ?? code})`));
  }
}

function gpiomonFailure(chip: string, reason: string): SensorError {
  const text = `${chip}: ${reason.split('\n')[0]}`;
  if (/busy/i.test(reason)) return new SensorError('device-busy', text);
  if (/permission/i.test(reason)) {
    return new SensorError('permission-denied', `${text}; the user must be in group gpio`);
  }
  if (/no such|not found|invalid|out of range|cannot find/i.test(reason)) {
    return new SensorError('device-missing', text);
  }
  return new SensorError('bus-failed', text);
}
