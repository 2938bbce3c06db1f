import type { EmulatedSerialDevice } from './emulated-serial-binding.ts';

/** What one narrow beam finds. `amplitude` in the device's own unit, 0 to 65,535. */
export interface BeamMeasurement {
  readonly distanceMm: number;
  readonly amplitude: number;
}

export interface BeamScene {
  measure(atSeconds: number): BeamMeasurement;
}

/** How a model tells that it has no distance. */
export type LidarDialect = 'tf-luna' | 'tfmini-s';

/** After a pause nobody waits for more than this many old frames. */
const framesAtOnceMax = 200;
/** Firmware 3.3.0, as replies state it: last number first. */
const version = [0x00, 0x03, 0x03];
const temperatureC = 40;
/** Rate, format and output are confirmed by what was set; reset, factory settings and save by 0 for success. */
const answersByEcho: ReadonlySet<number> = new Set([0x03, 0x05, 0x07]);
const answersByZero: ReadonlySet<number> = new Set([0x02, 0x10, 0x11]);

/**
 * A TF-Luna or TFmini-S on its serial line: data frames at its rate, commands and their replies
 * (TF-Luna manual A03/A05, TFmini-S manual).
 */
export class EmulatedLidar implements EmulatedSerialDevice {
  readonly #scene: BeamScene;
  readonly #dialect: LidarDialect;
  #received: number[] = [];
  #outgoing: number[] = [];
  #rateHz = 100;
  #outputOn = true;
  #nextFrameSeconds = Number.NaN;
  /** Commands that were understood, by number, for tests. */
  readonly commands: number[] = [];

  constructor(scene: BeamScene, dialect: LidarDialect) {
    this.#scene = scene;
    this.#dialect = dialect;
  }

  get rateHz(): number {
    return this.#rateHz;
  }

  receive(bytes: Uint8Array, _atSeconds: number): void {
    this.#received.push(...bytes);
    while (this.#received.length >= 4) {
      const length = this.#received[1]!;
      if (this.#received[0] !== 0x5a || length < 4 || length > 16) {
        this.#received.shift();
        continue;
      }
      if (this.#received.length < length) return;
      const frame = this.#received.splice(0, length);
      if (sumOf(frame.slice(0, -1)) === frame[length - 1]) this.#obey(frame[2]!, frame.slice(3, -1));
    }
  }

  transmit(atSeconds: number): Uint8Array {
    if (Number.isNaN(this.#nextFrameSeconds)) this.#nextFrameSeconds = atSeconds;
    const period = 1 / this.#rateHz;
    this.#nextFrameSeconds = Math.max(this.#nextFrameSeconds, atSeconds - framesAtOnceMax * period);
    while (this.#outputOn && this.#rateHz > 0 && this.#nextFrameSeconds <= atSeconds) {
      this.#outgoing.push(...this.#frame(this.#nextFrameSeconds));
      this.#nextFrameSeconds += period;
    }
    const bytes = Uint8Array.from(this.#outgoing);
    this.#outgoing = [];
    return bytes;
  }

  #obey(id: number, payload: readonly number[]): void {
    this.commands.push(id);
    if (id === 0x02) this.#rateHz = 100;
    if (id === 0x03) this.#rateHz = payload[0]! | (payload[1]! << 8);
    if (id === 0x07) this.#outputOn = payload[0] === 1;
    const answer =
      id === 0x01 ? version : answersByEcho.has(id) ? payload : answersByZero.has(id) ? [0] : null;
    if (answer) this.#reply(id, answer);
  }

  #reply(id: number, payload: readonly number[]): void {
    const frame = [0x5a, payload.length + 4, id, ...payload];
    this.#outgoing.push(...frame, sumOf(frame));
  }

  #frame(atSeconds: number): number[] {
    const { distanceMm, amplitude } = this.#scene.measure(atSeconds);
    const weak = amplitude <= 100;
    let distanceCm = Math.round(distanceMm / 10);
    if (weak) distanceCm = this.#dialect === 'tfmini-s' ? -1 : 0;
    const temperature = (temperatureC + 256) * 8;
    const frame = [
      0x59,
      0x59,
      distanceCm & 0xff,
      (distanceCm >> 8) & 0xff,
      amplitude & 0xff,
      (amplitude >> 8) & 0xff,
      temperature & 0xff,
      temperature >> 8,
    ];
    return [...frame, sumOf(frame)];
  }
}

function sumOf(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
}
