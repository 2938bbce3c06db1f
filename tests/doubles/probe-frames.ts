/** Builds radiotap headers, frames and captures for tests, byte by byte. */

export interface RadiotapParts {
  readonly signalDbm?: number;
  readonly flags?: number;
  /** Bytes of padding at the end, to vary the length. */
  readonly padding?: number;
}

export function radiotap(parts: RadiotapParts = {}): Buffer {
  const fields: number[] = [];
  let present = 0;
  if (parts.flags !== undefined) {
    present |= 1 << 1;
    fields.push(parts.flags);
  }
  if (parts.signalDbm !== undefined) {
    present |= 1 << 5;
    fields.push(parts.signalDbm & 0xff);
  }
  const header = Buffer.alloc(8 + fields.length + (parts.padding ?? 0));
  header.writeUInt16LE(header.length, 2);
  header.writeUInt32LE(present, 4);
  Buffer.from(fields).copy(header, 8);
  return header;
}

const broadcast = Buffer.alloc(6, 0xff);

/** A probe request of the given transmitter with an empty and a supported-rates element. */
export function probeRequest(transmitter: Uint8Array, receiver: Uint8Array = broadcast): Buffer {
  const header = Buffer.alloc(24);
  header[0] = 0x40;
  Buffer.from(receiver).copy(header, 4);
  Buffer.from(transmitter).copy(header, 10);
  broadcast.copy(header, 16);
  return Buffer.concat([header, Buffer.of(0, 0, 1, 4, 2, 4, 11, 22)]);
}

export interface CaptureRecord {
  readonly atSeconds: number;
  readonly packet: Uint8Array;
  /** Captured bytes where the snap length cut the packet. */
  readonly snapBytes?: number;
}

export interface PcapOptions {
  readonly littleEndian?: boolean;
  readonly nanoseconds?: boolean;
  readonly linkType?: number;
}

export function pcap(records: readonly CaptureRecord[], options: PcapOptions = {}): Buffer {
  const little = options.littleEndian ?? true;
  const ticks = options.nanoseconds ? 1e9 : 1e6;
  const header = new DataView(new ArrayBuffer(24));
  header.setUint32(0, options.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, little);
  header.setUint16(4, 2, little);
  header.setUint16(6, 4, little);
  header.setUint32(16, 65_535, little);
  header.setUint32(20, options.linkType ?? 127, little);
  const parts = [Buffer.from(header.buffer)];
  for (const record of records) {
    const kept = Buffer.from(record.packet).subarray(0, record.snapBytes);
    const line = new DataView(new ArrayBuffer(16));
    const whole = Math.floor(record.atSeconds);
    line.setUint32(0, whole, little);
    line.setUint32(4, Math.round((record.atSeconds - whole) * ticks), little);
    line.setUint32(8, kept.length, little);
    line.setUint32(12, record.packet.length, little);
    parts.push(Buffer.from(line.buffer), kept);
  }
  return Buffer.concat(parts);
}

export function pcapng(records: readonly CaptureRecord[], options: PcapOptions = {}): Buffer {
  const little = options.littleEndian ?? true;
  const words = (...values: number[]): Buffer => {
    const view = new DataView(new ArrayBuffer(values.length * 4));
    for (const [index, value] of values.entries()) view.setUint32(index * 4, value, little);
    return Buffer.from(view.buffer);
  };
  const block = (type: number, body: Buffer): Buffer => {
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    const length = padded.length + 12;
    return Buffer.concat([words(type, length), padded, words(length)]);
  };
  const linkType = options.linkType ?? 127;
  const option = Buffer.alloc(8);
  new DataView(option.buffer, option.byteOffset).setUint16(0, 9, little);
  new DataView(option.buffer, option.byteOffset).setUint16(2, 1, little);
  option[4] = options.nanoseconds ? 9 : 6;
  const description = Buffer.concat([words(little ? linkType : linkType << 16, 65_535), option, words(0)]);
  const section = block(0x0a0d0d0a, words(0x1a2b3c4d, little ? 1 : 1 << 16, 0xffffffff, 0xffffffff));
  const names = block(4, Buffer.from('somebody named here'));
  const parts = [section, block(1, description), names];
  for (const record of records) {
    const kept = Buffer.from(record.packet).subarray(0, record.snapBytes);
    const ticks = Math.round(record.atSeconds * 1e6) * (options.nanoseconds ? 1000 : 1);
    const time = [Math.floor(ticks / 2 ** 32), ticks % 2 ** 32];
    parts.push(block(6, Buffer.concat([words(0, ...time, kept.length, record.packet.length), kept])));
  }
  return Buffer.concat(parts);
}
