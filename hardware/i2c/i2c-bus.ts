/**
 * The I²C port. One transaction at a time a bus; callers on the same bus may overlap, the bus puts
 * them in order. Addresses have 7 bits. Every method throws `I2cError`.
 */
export interface I2cBus {
  /** Writes all bytes in one transaction. */
  write(address: number, bytes: Uint8Array): Promise<void>;
  /** Writes `index`, then fills `target` from the same address; nothing of ours comes in between. */
  read(address: number, index: Uint8Array, target: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** `nack`: nobody answered. `timeout`: the bus hangs, a line is held low. `failed`: anything else. */
export type I2cErrorCode = 'nack' | 'timeout' | 'failed';

export class I2cError extends Error {
  readonly code: I2cErrorCode;
  constructor(code: I2cErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'I2cError';
    this.code = code;
  }
}
