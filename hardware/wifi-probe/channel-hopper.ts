import { execFile } from 'node:child_process';
import { type Clock, monotonicClock } from '../clock.ts';
import { SensorError } from '../sensor.ts';

export interface ChannelHopperOptions {
  readonly interface: string;
  readonly channels: readonly number[];
  readonly channelSeconds: number;
  /** Words of the command; `{interface}` and `{channel}` are filled in. */
  readonly command: readonly string[];
}

/** `iw` answers at once; an adapter that hangs is left alone until the next turn. */
const commandMillisecondsMax = 2000;

/** Visits channels in turn: phones ask on all of them, an adapter hears one. */
export class ChannelHopper {
  readonly #options: ChannelHopperOptions;
  readonly #clock: Clock;

  constructor(options: ChannelHopperOptions, clock: Clock = monotonicClock) {
    this.#options = options;
    this.#clock = clock;
  }

  /** Sets the first channel. Throws `SensorError` where the command cannot be run or refuses. */
  async begin(): Promise<void> {
    const [first] = this.#options.channels;
    if (first === undefined) return;
    const fault = await this.#set(first);
    if (fault === null) return;
    const program = this.#options.command[0]!;
    if (fault.code === 'ENOENT') {
      throw new SensorError('program-missing', `${this.#options.interface}: ${program} is not installed`);
    }
    const words =
      fault.message
        .split('\n')
        .filter((line) => line.trim() !== '')
        .at(-1) ?? fault.message;
    throw new SensorError('device-missing', `${this.#options.interface}: channel ${first}: ${words}`);
  }

  /** Hops until `signal` aborts. A channel that is refused is passed over: the next one may work. */
  async run(signal: AbortSignal): Promise<void> {
    const { channels, channelSeconds } = this.#options;
    if (channels.length < 2) return;
    for (let turn = 1; !signal.aborted; turn += 1) {
      await this.#clock.sleep(channelSeconds, signal);
      if (!signal.aborted) await this.#set(channels[turn % channels.length]!);
    }
  }

  #set(channel: number): Promise<NodeJS.ErrnoException | null> {
    const words = this.#options.command.map((word) =>
      word.replaceAll('{interface}', this.#options.interface).replaceAll('{channel}', String(channel)),
    );
    const [program, ...args] = words;
    return new Promise((resolve) => {
      execFile(program!, args, { timeout: commandMillisecondsMax }, (error) =>
        resolve(error as NodeJS.ErrnoException | null),
      );
    });
  }
}
