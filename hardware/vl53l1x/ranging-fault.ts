/** The device answers on the bus but does not do its work. */
export type RangingFaultCode =
  | 'boot-timeout'
  | 'wrong-identity'
  | 'not-ready'
  | 'frozen'
  | 'restarted'
  | 'address-taken';

export class RangingFault extends Error {
  readonly code: RangingFaultCode;
  constructor(code: RangingFaultCode, message: string) {
    super(message);
    this.name = 'RangingFault';
    this.code = code;
  }
}

const sentences: Readonly<Record<RangingFaultCode, string>> = {
  'boot-timeout': 'answers but does not boot',
  'wrong-identity': 'is no VL53L1X: its model is',
  'not-ready': 'stopped giving ranges',
  frozen: 'repeats its last range',
  restarted: 'has restarted by itself',
  'address-taken': 'another device answers at address 0x29 while this one is held in reset',
};

/** A fault with its sentence; `detail` is appended. */
export function rangingFault(code: RangingFaultCode, detail = ''): RangingFault {
  return new RangingFault(code, `${sentences[code]} ${detail}`.trimEnd());
}
