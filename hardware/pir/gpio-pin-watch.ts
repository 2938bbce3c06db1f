import type { Clock } from '../clock.ts';
import type { GpioProgram } from '../gpio/libgpiod-version.ts';
import { SensorError } from '../sensor.ts';
import { GpiomonIo } from './gpiomon-io.ts';
import { watchPins } from './johnny-five-board.ts';
import { PinEventQueue } from './pin-event-queue.ts';
import { aliveSeconds, type PinEvent, type PinWatch } from './pin-watch.ts';

const reopenSecondsMin = 0.2;
const reopenSecondsMax = 5;

export interface GpioPinWatchOptions {
  readonly program: GpioProgram;
  readonly chip: string;
  readonly pins: readonly number[];
  readonly clock: Clock;
}

/** Watches pins of the machine itself through johnny-five on `gpiomon`. */
export class GpioPinWatch implements PinWatch {
  readonly #options: GpioPinWatchOptions;
  readonly #queue = new PinEventQueue();
  #io: GpiomonIo | null = null;
  #closed = false;

  constructor(options: GpioPinWatchOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    const { program, chip, pins, clock } = this.#options;
    const io = new GpiomonIo({ program, chip });
    io.on('close', (error: SensorError) => {
      if (this.#io !== io) return;
      this.#io = null;
      this.#queue.push({ kind: 'lost', error, atSeconds: clock.nowSeconds() });
    });
    const watching = watchPins(io, pins, (pin, level) => {
      this.#queue.push({ kind: 'level', pin, level, atSeconds: clock.nowSeconds() });
    });
    await io.open();
    await watching;
    await io.settled();
    if (this.#closed) return io.stop();
    this.#io = io;
  }

  async *events(signal: AbortSignal): AsyncIterable<PinEvent> {
    const { clock } = this.#options;
    let reopenSeconds = reopenSecondsMin;
    while (!signal.aborted && !this.#closed) {
      const event = await this.#queue.next(clock, this.#io ? aliveSeconds : 0, signal);
      if (signal.aborted || this.#closed) break;
      if (event) {
        yield event;
        continue;
      }
      if (this.#io) {
        reopenSeconds = reopenSecondsMin;
        yield { kind: 'alive', atSeconds: clock.nowSeconds() };
        continue;
      }
      await clock.sleep(reopenSeconds, signal);
      reopenSeconds = Math.min(reopenSeconds * 2, reopenSecondsMax);
      const failure = await this.#reopen(signal);
      if (failure) yield failure;
    }
    await this.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const io = this.#io;
    this.#io = null;
    io?.stop();
  }

  async #reopen(signal: AbortSignal): Promise<PinEvent | null> {
    if (signal.aborted) return null;
    try {
      await this.open();
      return null;
    } catch (cause) {
      const error =
        cause instanceof SensorError
          ? cause
          : new SensorError('bus-failed', (cause as Error).message, { cause });
      return { kind: 'lost', error, atSeconds: this.#options.clock.nowSeconds() };
    }
  }
}
