import type { CapturedFrame, CaptureFormat, CaptureStep } from './capture-reader.ts';

/**
 * Classic pcap (IETF draft-ietf-opsawg-pcap): a 24-byte header whose magic tells byte order and
 * unit of time, then records of 16 bytes plus the captured part of the frame.
 */
export class PcapFormat implements CaptureFormat {
  step: CaptureStep | 'skip' = 'more';
  fault = '';
  #littleEndian = true;
  #secondsPerTick = 1e-6;
  #linkType = -1;

  next(bytes: Uint8Array, from: number, to: number, frame: CapturedFrame): number {
    return this.#linkType < 0 ? this.#fileHeader(bytes, from, to) : this.#record(bytes, from, to, frame);
  }

  #fileHeader(bytes: Uint8Array, from: number, to: number): number {
    this.step = 'more';
    if (to - from < fileHeaderBytes) return 0;
    const magic = this.#word(bytes, from) >>> 0;
    this.#littleEndian = magic === 0xa1b2c3d4 || magic === 0xa1b23c4d;
    this.#secondsPerTick = magic === 0xa1b23c4d || magic === 0x4d3cb2a1 ? 1e-9 : 1e-6;
    const version = this.#word(bytes, from + 4);
    const major = this.#littleEndian ? version & 0xffff : version >>> 16;
    if (major !== 2) return this.#damaged(`pcap version ${major} is unknown`);
    // The upper half may tell the length of the frame check sequence; the link type is the lower.
    this.#linkType = this.#word(bytes, from + 20) & 0xffff;
    if (!isWifi(this.#linkType)) return this.#damaged(`link type ${this.#linkType} is no WiFi capture`);
    this.step = 'skip';
    return fileHeaderBytes;
  }

  #record(bytes: Uint8Array, from: number, to: number, frame: CapturedFrame): number {
    this.step = 'more';
    if (to - from < recordHeaderBytes) return 0;
    const captured = this.#word(bytes, from + 8) >>> 0;
    if (captured > frameBytesMax) return this.#damaged(`a record claims ${captured} captured bytes`);
    const end = from + recordHeaderBytes + captured;
    if (end > to) return 0;
    frame.atSeconds =
      (this.#word(bytes, from) >>> 0) + (this.#word(bytes, from + 4) >>> 0) * this.#secondsPerTick;
    frame.start = from + recordHeaderBytes;
    frame.end = end;
    frame.wireBytes = Math.max(captured, this.#word(bytes, from + 12) >>> 0);
    frame.linkType = this.#linkType;
    this.step = 'frame';
    return end - from;
  }

  #word(bytes: Uint8Array, at: number): number {
    return this.#littleEndian
      ? bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
      : (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }

  #damaged(fault: string): number {
    this.step = 'damaged';
    this.fault = fault;
    return 0;
  }
}

const fileHeaderBytes = 24;
const recordHeaderBytes = 16;
/** tcpdump's largest snap length; a longer record is a damaged length. */
const frameBytesMax = 262_144;

/** 105 bare 802.11, 119 Prism or AVS, 127 radiotap. */
export function isWifi(linkType: number): boolean {
  return linkType === 105 || linkType === 119 || linkType === 127;
}
