import type { Clock } from '../clock.ts';
import type {
  SerialBinding,
  SerialBindingPort,
  SerialOpenOptions,
  SerialPortDescription,
} from '../serial/serial-binding.ts';

/** A device at the other end of an emulated wire: bytes and the time, nothing else. */
export interface EmulatedSerialDevice {
  receive(bytes: Uint8Array, atSeconds: number): void;
  /** What it has sent since the last call; empty while there is nothing. */
  transmit(atSeconds: number): Uint8Array;
}

/** USB adapters hand over what has come every few milliseconds. */
const deliverySeconds = 0.005;

/** Emulated devices by path, for the real serialport library. */
export class EmulatedSerialBinding implements SerialBinding {
  readonly #devices: ReadonlyMap<string, EmulatedSerialDevice>;
  readonly #clock: Clock;

  constructor(devices: ReadonlyMap<string, EmulatedSerialDevice>, clock: Clock) {
    this.#devices = devices;
    this.#clock = clock;
  }

  async list(): Promise<SerialPortDescription[]> {
    return [...this.#devices.keys()].map((path) => ({ path }));
  }

  async open(options: SerialOpenOptions): Promise<SerialBindingPort> {
    const device = this.#devices.get(options.path);
    if (!device) throw new Error(`No such file or directory, cannot open ${options.path}`);
    return new EmulatedSerialBindingPort(device, this.#clock, options);
  }
}

class EmulatedSerialBindingPort implements SerialBindingPort {
  isOpen = true;
  readonly openOptions: SerialOpenOptions;
  readonly #device: EmulatedSerialDevice;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  #rest = new Uint8Array(0);

  constructor(device: EmulatedSerialDevice, clock: Clock, openOptions: SerialOpenOptions) {
    this.#device = device;
    this.#clock = clock;
    this.openOptions = openOptions;
    // What was sent while nobody listened is lost, as on a wire.
    device.transmit(clock.nowSeconds());
  }

  async close(): Promise<void> {
    this.isOpen = false;
    this.#closing.abort();
  }

  async read(buffer: Buffer, offset: number, length: number) {
    while (this.isOpen) {
      if (this.#rest.length === 0) this.#rest = this.#device.transmit(this.#clock.nowSeconds()).slice();
      if (this.#rest.length > 0) {
        const bytes = this.#rest.subarray(0, length);
        buffer.set(bytes, offset);
        this.#rest = this.#rest.slice(bytes.length);
        return { buffer, bytesRead: bytes.length };
      }
      await this.#clock.sleep(deliverySeconds, this.#closing.signal);
    }
    throw Object.assign(new Error('port is closed'), { canceled: true });
  }

  async write(buffer: Buffer): Promise<void> {
    this.#device.receive(buffer, this.#clock.nowSeconds());
  }

  async update(): Promise<void> {}
  async set(): Promise<void> {}
  async flush(): Promise<void> {}
  async drain(): Promise<void> {}

  async get() {
    return { cts: true, dsr: true, dcd: true };
  }

  async getBaudRate() {
    return { baudRate: this.openOptions.baudRate };
  }
}
