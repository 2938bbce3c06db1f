import { createRequire } from 'node:module';
import { SensorError } from '../sensor.ts';

// Neither package brings types.
const require = createRequire(import.meta.url);

/** StandardFirmata's speed. */
export const firmataBaudRate = 57_600;

/** What we use of an IO plugin: Firmata's, or our own. */
export interface BoardIo {
  on(event: 'error', listener: (error: Error) => void): unknown;
  pinMode(pin: number, mode: number): void;
  digitalRead(pin: number, callback: (value: number) => void): void;
}

interface JohnnyFiveBoard extends BoardIo {
  readonly io: BoardIo;
  readonly MODES: { readonly INPUT: number };
  once(event: 'ready' | 'error', listener: (error?: Error) => void): unknown;
}

interface JohnnyFive {
  readonly Board: new (options: {
    io: BoardIo;
    repl: false;
    debug: false;
    sigint: false;
    timeout: number;
  }) => JohnnyFiveBoard;
}

/** An Arduino's boot loader waits two seconds, its firmware takes another to tell its pins. */
const readySecondsMax = 10;

/**
 * Waits until johnny-five has a board ready on `io`, and reports each change of the pins' levels.
 * Edges come through `digitalRead`: `Motion` polls every 25 ms and misses half of 10 ms pulses. Throws
 * `SensorError` when the board does not get ready or does not have a pin.
 */
export async function watchPins(
  io: BoardIo & { readonly pins: readonly { readonly supportedModes: readonly number[] }[] },
  pins: readonly number[],
  change: (pin: number, level: 0 | 1) => void,
): Promise<void> {
  const five = require('johnny-five') as JohnnyFive;
  const board = new five.Board({
    io,
    repl: false,
    debug: false,
    sigint: false,
    timeout: readySecondsMax * 1000,
  });
  await new Promise<void>((resolve, reject) => {
    board.once('ready', () => resolve());
    board.on('error', (error) =>
      reject(new SensorError('wrong-identity', `no board with StandardFirmata answers: ${error.message}`)),
    );
  });
  const levels = new Map<number, number>(pins.map((pin) => [pin, 0]));
  for (const pin of pins) {
    if (!io.pins[pin]?.supportedModes.includes(board.MODES.INPUT)) {
      throw new SensorError('unsupported', `pin ${pin} of the board is no digital input`);
    }
    board.io.pinMode(pin, board.MODES.INPUT);
    // Firmata repeats the level of a pin whenever one of its port changes.
    board.io.digitalRead(pin, (value) => {
      if (levels.get(pin) === value) return;
      levels.set(pin, value);
      change(pin, value === 0 ? 0 : 1);
    });
  }
}

/** Firmata's constructor takes any transport that emits `data` and has `write`. */
export interface FirmataIo extends BoardIo {
  readonly pins: readonly { readonly supportedModes: readonly number[] }[];
  reportVersion(callback: () => void): void;
  queryFirmware(callback: () => void): void;
  /** Name and version, once it has told them. */
  readonly firmware: { readonly name?: string; readonly version?: { major: number; minor: number } };
}

/** The client of firmata-io on a transport of ours. */
export function firmataOn(transport: object, options: { readonly reportVersionTimeout: number }): FirmataIo {
  const { Firmata } = require('firmata-io') as {
    Firmata: new (transport: object, options: object) => FirmataIo;
  };
  return new Firmata(transport, options);
}
