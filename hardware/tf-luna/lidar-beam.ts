import type { Clock } from '../clock.ts';
import type { SteadySerial } from '../serial/steady-serial.ts';
import { LidarFrameParser, type LidarReply, lidarCommand } from './lidar-frame-parser.ts';
import { type LidarKind, lidarModels } from './lidar-model.ts';

/** Command numbers (TF-Luna manual A03, table of commands; TFmini-S manual). */
const command = { version: 0x01, rate: 0x03, format: 0x05, output: 0x07 } as const;
const formatCentimetres = 0x01;

/** The device answers within a frame or two; noise may eat an answer. */
const replySecondsMax = 0.3;
const commandAttemptsMax = 3;
/** Bytes that never make a frame come from another device or another baud rate. */
const framelessSecondsMax = 3;
const statusNone = 255;

export interface BeamReading {
  readonly atSeconds: number;
  readonly distanceMm: number;
  readonly status: number;
}

export interface LidarBeamHealth {
  readonly frames: number;
  readonly noiseBytes: number;
  readonly version: string | null;
  /** Commands that were not answered at the last opening. */
  readonly unanswered: readonly number[];
  readonly losses: number;
  readonly lastFault: string | null;
}

/** One lidar on one port: configures it whenever the port opens and turns bytes into readings. */
export class LidarBeam {
  readonly #serial: SteadySerial;
  readonly #clock: Clock;
  readonly #kind: LidarKind;
  readonly #rateHz: number;
  readonly #parser = new LidarFrameParser();
  readonly #replies = new Map<number, (reply: LidarReply) => void>();
  #lastAtSeconds = Number.NEGATIVE_INFINITY;
  #framelessSinceSeconds = Number.POSITIVE_INFINITY;
  #frames = 0;
  #losses = 0;
  #version: string | null = null;
  #unanswered: number[] = [];
  #lastFault: string | null = null;

  constructor(options: { serial: SteadySerial; clock: Clock; kind: LidarKind; rateHz: number }) {
    this.#serial = options.serial;
    this.#clock = options.clock;
    this.#kind = options.kind;
    this.#rateHz = options.rateHz;
  }

  get health(): LidarBeamHealth {
    return {
      frames: this.#frames,
      noiseBytes: this.#parser.noiseBytes,
      version: this.#version,
      unanswered: this.#unanswered,
      losses: this.#losses,
      lastFault: this.#lastFault,
    };
  }

  /** Throws `SensorError` when the port cannot be had. */
  open(): Promise<void> {
    return this.#serial.open();
  }

  close(): Promise<void> {
    return this.#serial.close();
  }

  /** Calls `take` for each reading, in order of time, until `signal` aborts. */
  async run(signal: AbortSignal, take: (reading: BeamReading) => void): Promise<void> {
    for await (const event of this.#serial.events(signal)) {
      switch (event.kind) {
        case 'opened':
          this.#parser.reset();
          this.#framelessSinceSeconds = this.#clock.nowSeconds();
          void this.#configure(signal);
          break;
        case 'bytes':
          this.#takeBytes(event.bytes, event.atSeconds, take);
          break;
        case 'lost':
          this.#losses += 1;
          this.#lastFault = event.error.message;
          take(this.#stamped(this.#clock.nowSeconds(), { distanceMm: 0, status: statusNone }));
          break;
        default:
          event satisfies never;
      }
    }
  }

  #takeBytes(bytes: Uint8Array, arrivedAtSeconds: number, take: (reading: BeamReading) => void): void {
    const readings: { distanceMm: number; status: number }[] = [];
    this.#parser.push(bytes, (item) => {
      if (item.kind === 'frame') readings.push(lidarModels[this.#kind].read(item));
      else this.#replies.get(item.id)?.(item);
    });
    this.#frames += readings.length;
    if (readings.length > 0) this.#framelessSinceSeconds = arrivedAtSeconds;
    // Frames that came together were measured one after the other.
    readings.forEach((reading, place) => {
      const age = (readings.length - 1 - place) / this.#rateHz;
      take(this.#stamped(arrivedAtSeconds - age, reading));
    });
    if (arrivedAtSeconds - this.#framelessSinceSeconds > framelessSecondsMax) {
      this.#serial.drop(`no frames of a ${this.#kind} in what comes; another device, or another baud rate?`);
    }
  }

  #stamped(atSeconds: number, reading: { distanceMm: number; status: number }): BeamReading {
    this.#lastAtSeconds = Math.max(atSeconds, this.#lastAtSeconds);
    return { atSeconds: this.#lastAtSeconds, ...reading };
  }

  /** Settings are sent at every opening and never saved: the device may have lost its supply. */
  async #configure(signal: AbortSignal): Promise<void> {
    this.#unanswered = [];
    const version = await this.#ask(signal, command.version);
    if (version) this.#version = [...version.payload].reverse().join('.');
    await this.#ask(signal, command.output, 1);
    await this.#ask(signal, command.format, formatCentimetres);
    await this.#ask(signal, command.rate, this.#rateHz & 0xff, this.#rateHz >> 8);
  }

  async #ask(signal: AbortSignal, id: number, ...payload: number[]): Promise<LidarReply | null> {
    for (let attempt = 0; attempt < commandAttemptsMax && !signal.aborted; attempt += 1) {
      const answered = new AbortController();
      let answer: LidarReply | null = null;
      this.#replies.set(id, (reply) => {
        answer = reply;
        answered.abort();
      });
      try {
        await this.#serial.write(lidarCommand(id, ...payload));
        await this.#clock.sleep(replySecondsMax, AbortSignal.any([signal, answered.signal]));
      } catch {
        return null; // the port has gone; it will be configured when it comes back
      } finally {
        this.#replies.delete(id);
      }
      if (answer) return answer;
    }
    this.#unanswered.push(id);
    return null;
  }
}
