import type { Clock } from '../clock.ts';
import { SensorError } from '../sensor.ts';
import type { SerialBinding } from '../serial/serial-binding.ts';
import { SteadySerial } from '../serial/steady-serial.ts';
import { type FirmataIo, firmataBaudRate, firmataOn, watchPins } from './johnny-five-board.ts';
import { PinEventQueue } from './pin-event-queue.ts';
import { aliveSeconds, type PinEvent, type PinWatch } from './pin-watch.ts';
import { SteadyTransport } from './steady-transport.ts';

/** Opening the port resets an Arduino, which speaks by itself within two seconds; then it is asked. */
const askVersionMs = 2000;
/** The firmware speaks only when something changes, so it is asked for its version; no answer is a loss. */
const idleSecondsMax = 6;

export interface ArduinoPinWatchOptions {
  readonly port: string;
  readonly pins: readonly number[];
  readonly clock: Clock;
  readonly binding?: SerialBinding;
}

/** Watches pins of an Arduino with StandardFirmata on a serial port, through johnny-five. */
export class ArduinoPinWatch implements PinWatch {
  readonly #options: ArduinoPinWatchOptions;
  readonly #serial: SteadySerial;
  readonly #queue = new PinEventQueue();
  #transport: SteadyTransport | null = null;
  #io: FirmataIo | null = null;

  constructor(options: ArduinoPinWatchOptions) {
    this.#options = options;
    const { port, clock, binding } = options;
    this.#serial = new SteadySerial({
      port,
      baudRate: firmataBaudRate,
      idleSecondsMax,
      clock,
      ...(binding ? { binding } : {}),
    });
  }

  open(): Promise<void> {
    return this.#serial.open();
  }

  async *events(signal: AbortSignal): AsyncIterable<PinEvent> {
    const { clock } = this.#options;
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const serving = this.#serve(both).finally(() => stop.abort());
    while (!both.aborted) {
      const event = await this.#queue.next(clock, aliveSeconds, both);
      if (event) yield event;
      // The answer comes as an `alive` of its own.
      else this.#io?.reportVersion(() => this.#queue.push({ kind: 'alive', atSeconds: clock.nowSeconds() }));
    }
    await serving;
  }

  close(): Promise<void> {
    return this.#serial.close();
  }

  async #serve(signal: AbortSignal): Promise<void> {
    for await (const event of this.#serial.events(signal)) {
      switch (event.kind) {
        case 'opened':
          this.#begin();
          break;
        case 'bytes':
          this.#transport?.emit('data', event.bytes);
          break;
        case 'lost':
          this.#transport = null;
          this.#io = null;
          this.#queue.push({ kind: 'lost', error: event.error, atSeconds: this.#options.clock.nowSeconds() });
          break;
        default:
          event satisfies never;
      }
    }
  }

  /** A fresh board for each connection: the firmware has forgotten what it was asked. */
  #begin(): void {
    const { pins, clock } = this.#options;
    const transport = new SteadyTransport(this.#serial);
    const io = firmataOn(transport, { reportVersionTimeout: askVersionMs });
    this.#transport = transport;
    // Unheard errors of a plugin end the process; the port's own events tell us enough.
    io.on('error', () => {});
    watchPins(io, pins, (pin, level) => {
      if (this.#transport !== transport) return;
      this.#queue.push({ kind: 'level', pin, level, atSeconds: clock.nowSeconds() });
    }).then(
      () => {
        if (this.#transport !== transport) return;
        this.#io = io;
        this.#queue.push({ kind: 'alive', atSeconds: clock.nowSeconds() });
      },
      (cause: unknown) => {
        if (this.#transport !== transport) return;
        this.#serial.drop(cause instanceof SensorError ? cause.message : String(cause));
      },
    );
    transport.emit('open');
  }
}
