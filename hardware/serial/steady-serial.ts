import { SerialPort } from 'serialport';
import type { Clock } from '../clock.ts';
import { SensorError } from '../sensor.ts';
import type { SerialBinding } from './serial-binding.ts';
import { serialFailure } from './serial-failure.ts';
import { resolveSerialPath } from './serial-path.ts';

/** Pauses between attempts to open a port again: soon after a plug was pulled, seldom in the long run. */
const reopenSecondsMin = 0.2;
const reopenSecondsMax = 5;
/** Closing ends a hung read; a driver that does not even close is left behind. */
const closeSecondsMax = 2;
/** Bytes waiting to be taken; more means that nobody takes them, and the oldest are worthless. */
const chunksWaitingMax = 1000;

export type SerialEvent =
  | { readonly kind: 'opened' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly atSeconds: number }
  /** The port is gone or silent; it will be opened again. Told at every failed attempt. */
  | { readonly kind: 'lost'; readonly error: SensorError };

export interface SteadySerialOptions {
  /** A path, or `usb:VENDOR:PRODUCT[:SERIAL]`. */
  readonly port: string;
  readonly baudRate: number;
  /** A device that says nothing for this long is taken for lost, whatever the library thinks. */
  readonly idleSecondsMax: number;
  readonly clock: Clock;
  /** Who holds the wire; the machine's serial ports by default. */
  readonly binding?: SerialBinding;
}

/**
 * A serial port that is opened again and again. The library can miss a hang-up altogether (a loop of
 * empty reads at full speed, `isOpen` stays true; bindings-cpp issue 162), so silence counts as loss:
 * closing works even then.
 */
export class SteadySerial {
  readonly #options: SteadySerialOptions;
  readonly #waiting: SerialEvent[] = [];
  #stream: SerialPort | null = null;
  #wake: (() => void) | null = null;
  #closed = false;

  constructor(options: SteadySerialOptions) {
    this.#options = options;
  }

  /** Opens the port for the first time. Throws `SensorError`: missing, busy, no permission, no port. */
  async open(): Promise<void> {
    if (this.#stream !== null) return;
    const { port, binding = SerialPort.binding as unknown as SerialBinding } = this.#options;
    const path = await resolveSerialPath(port, () => binding.list());
    const stream = new SerialPort({
      path,
      baudRate: this.#options.baudRate,
      autoOpen: false,
      ...({ binding } as object),
    });
    // A stream without this listener ends the process on its first error.
    stream.on('error', (error) => this.#lose(stream, serialFailure(path, error)));
    stream.on('close', () =>
      this.#lose(stream, new SensorError('device-missing', `${path}: the port has hung up`)),
    );
    stream.on('data', (bytes: Buffer) => {
      if (this.#stream !== stream) return;
      this.#push({ kind: 'bytes', bytes, atSeconds: this.#options.clock.nowSeconds() });
    });
    await new Promise<void>((resolve, reject) => {
      stream.open((error) => (error ? reject(serialFailure(path, error)) : resolve()));
    });
    if (this.#closed) return closeStream(stream);
    this.#stream = stream;
    this.#push({ kind: 'opened' });
  }

  /** What happens on the port until `signal` aborts or the port is closed. May be called once. */
  async *events(signal: AbortSignal): AsyncIterable<SerialEvent> {
    let reopenSeconds = reopenSecondsMin;
    while (!signal.aborted && !this.#closed) {
      if (this.#stream === null && this.#waiting.length === 0) {
        try {
          await this.open();
        } catch (error) {
          yield { kind: 'lost', error: serialFailure(this.#options.port, error) };
          await this.#options.clock.sleep(reopenSeconds, signal);
          reopenSeconds = Math.min(reopenSeconds * 2, reopenSecondsMax);
        }
        continue;
      }
      const event = await this.#next(signal);
      if (event === null) break;
      if (event.kind === 'bytes') reopenSeconds = reopenSecondsMin;
      yield event;
      if (event.kind !== 'lost') continue;
      await this.#options.clock.sleep(reopenSeconds, signal);
      reopenSeconds = Math.min(reopenSeconds * 2, reopenSecondsMax);
    }
    await this.close();
  }

  /** Sends bytes. Rejects when the port is not open or takes none. */
  async write(bytes: Uint8Array): Promise<void> {
    const stream = this.#stream;
    if (stream === null) throw new SensorError('device-missing', `${this.#options.port}: not open`);
    await new Promise<void>((resolve, reject) => {
      stream.write(Buffer.from(bytes), (error) =>
        error ? reject(serialFailure(this.#options.port, error)) : resolve(),
      );
    });
  }

  /** Gives up the connection as it is; it will be opened again. */
  drop(reason: string): void {
    const stream = this.#stream;
    if (stream) this.#lose(stream, new SensorError('bus-failed', `${this.#options.port}: ${reason}`));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const stream = this.#stream;
    this.#stream = null;
    this.#wake?.();
    if (stream) await closeStream(stream);
  }

  #lose(stream: SerialPort, error: SensorError): void {
    if (this.#stream !== stream) return;
    this.#stream = null;
    this.#push({ kind: 'lost', error });
    void closeStream(stream);
  }

  #push(event: SerialEvent): void {
    if (this.#waiting.length >= chunksWaitingMax) this.#waiting.shift();
    this.#waiting.push(event);
    this.#wake?.();
  }

  /** The next event; silence for too long makes one. Null when stopped. */
  async #next(signal: AbortSignal): Promise<SerialEvent | null> {
    const { clock, idleSecondsMax, port } = this.#options;
    if (this.#waiting.length === 0) {
      const idle = new AbortController();
      const stop = () => idle.abort();
      signal.addEventListener('abort', stop, { once: true });
      this.#wake = stop;
      await clock.sleep(idleSecondsMax, idle.signal);
      this.#wake = null;
      signal.removeEventListener('abort', stop);
    }
    if (signal.aborted || this.#closed) return null;
    const event = this.#waiting.shift();
    if (event) return event;
    const stream = this.#stream;
    if (stream === null) return null;
    this.#lose(
      stream,
      new SensorError('device-missing', `${port}: silent for ${idleSecondsMax} s, opened again`),
    );
    return this.#waiting.shift() ?? null;
  }
}

async function closeStream(stream: SerialPort): Promise<void> {
  if (!stream.isOpen) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, closeSecondsMax * 1000);
    stream.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
