import { EventEmitter } from 'node:events';
import type { SteadySerial } from '../serial/steady-serial.ts';

/** firmata-io's transport over a port that may go and come. */
export class SteadyTransport extends EventEmitter {
  readonly #serial: SteadySerial;

  constructor(serial: SteadySerial) {
    super();
    this.#serial = serial;
  }

  write(bytes: Uint8Array, done?: () => void): void {
    // A write that fails is followed by the port's own loss.
    this.#serial.write(bytes).then(done, done);
  }
}
