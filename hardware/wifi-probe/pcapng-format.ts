import type { CapturedFrame, CaptureFormat, CaptureStep } from './capture-reader.ts';
import { isWifi } from './pcap-format.ts';

const blockType = {
  section: 0x0a0d0d0a,
  interface: 1,
  packetObsolete: 2,
  simplePacket: 3,
  enhancedPacket: 6,
} as const;

/** Sections, interfaces and packets are shorter than this; whatever else is longer is skipped unread. */
const readBlockBytesMax = 262_144 + 1024;
/** No sniffer has more radios; the table of interfaces is bounded by it. */
const interfacesMax = 64;
const optionTimeResolution = 9;
const optionTimeOffset = 14;

/**
 * pcapng (IETF draft-ietf-opsawg-pcapng): blocks of type, length, body, length. Section headers
 * tell the byte order, interface blocks link type and unit of time, packet blocks carry frames.
 * Name resolution and every other block is skipped unread: nothing in them is ours to know.
 */
export class PcapngFormat implements CaptureFormat {
  step: CaptureStep | 'skip' = 'more';
  fault = '';
  #littleEndian = true;
  #interfaces = 0;
  readonly #linkType = new Int32Array(interfacesMax);
  readonly #snapBytes = new Float64Array(interfacesMax);
  readonly #secondsPerTick = new Float64Array(interfacesMax);
  readonly #offsetSeconds = new Float64Array(interfacesMax);
  #lastAtSeconds = 0;

  next(bytes: Uint8Array, from: number, to: number, frame: CapturedFrame): number {
    this.step = 'more';
    if (to - from < 12) return 0;
    const type = this.#word(bytes, from);
    if (type === blockType.section && !this.#byteOrder(bytes, from + 8)) {
      return this.#damaged('a section header without its byte-order magic');
    }
    const length = this.#word(bytes, from + 4);
    if (length < 12 || length % 4 !== 0) return this.#damaged(`a block claims ${length} bytes`);
    const read = type === blockType.section || type === blockType.interface || isPacket(type);
    this.step = 'skip';
    if (!read) return length;
    if (length > readBlockBytesMax) return this.#damaged(`a block claims ${length} bytes`);
    this.step = 'more';
    if (to - from < length) return 0;
    if (this.#word(bytes, from + length - 4) !== length) {
      return this.#damaged('a block whose two lengths differ');
    }
    this.step = 'skip';
    const body = from + 8;
    const bodyEnd = from + length - 4;
    if (type === blockType.section) this.#interfaces = 0;
    else if (type === blockType.interface) this.#interface(bytes, body, bodyEnd);
    else this.#packet(type, bytes, body, bodyEnd, frame);
    return (this.step as CaptureStep | 'skip') === 'damaged' ? 0 : length;
  }

  #interface(bytes: Uint8Array, body: number, bodyEnd: number): void {
    if (bodyEnd - body < 8 || this.#interfaces >= interfacesMax) {
      this.#damaged('an interface block that is too short, or too many of them');
      return;
    }
    const index = this.#interfaces;
    this.#interfaces += 1;
    this.#linkType[index] = this.#half(bytes, body);
    this.#snapBytes[index] = this.#word(bytes, body + 4);
    this.#secondsPerTick[index] = 1e-6;
    this.#offsetSeconds[index] = 0;
    let at = body + 8;
    while (at + 4 <= bodyEnd) {
      const code = this.#half(bytes, at);
      const length = this.#half(bytes, at + 2);
      const value = at + 4;
      if (code === 0 || value + length > bodyEnd) return;
      if (code === optionTimeResolution && length >= 1) {
        const resolution = bytes[value]!;
        this.#secondsPerTick[index] =
          (resolution & 0x80) === 0 ? 10 ** -resolution : 2 ** -(resolution & 0x7f);
      } else if (code === optionTimeOffset && length >= 8) {
        this.#offsetSeconds[index] = this.#signed64(bytes, value);
      }
      at = value + ((length + 3) & ~3);
    }
  }

  #packet(type: number, bytes: Uint8Array, body: number, bodyEnd: number, frame: CapturedFrame): void {
    const header = type === blockType.simplePacket ? 4 : 20;
    if (bodyEnd - body < header) {
      this.#damaged('a packet block shorter than its own header');
      return;
    }
    const index =
      type === blockType.simplePacket
        ? 0
        : type === blockType.enhancedPacket
          ? this.#word(bytes, body)
          : this.#half(bytes, body);
    if (index >= this.#interfaces) {
      this.#damaged(`a packet of interface ${index}, which no block describes`);
      return;
    }
    // An interface that is no WiFi (a laptop's Ethernet in the same file) is none of our business.
    if (!isWifi(this.#linkType[index]!)) return;
    const snap = this.#snapBytes[index]!;
    const wireBytes = this.#word(bytes, body + header - 4);
    const captured =
      type === blockType.simplePacket
        ? Math.min(wireBytes, snap === 0 ? wireBytes : snap)
        : this.#word(bytes, body + 12);
    if (body + header + captured > bodyEnd) {
      this.#damaged(`a packet claims ${captured} captured bytes, more than its block holds`);
      return;
    }
    if (type !== blockType.simplePacket) {
      const ticks = this.#word(bytes, body + 4) * 2 ** 32 + this.#word(bytes, body + 8);
      this.#lastAtSeconds = ticks * this.#secondsPerTick[index]! + this.#offsetSeconds[index]!;
    }
    // Simple packets carry no time: they are as late as the frame before them.
    frame.atSeconds = this.#lastAtSeconds;
    frame.start = body + header;
    frame.end = body + header + captured;
    frame.wireBytes = Math.max(captured, wireBytes);
    frame.linkType = this.#linkType[index]!;
    this.step = 'frame';
  }

  #byteOrder(bytes: Uint8Array, at: number): boolean {
    this.#littleEndian = true;
    if (this.#word(bytes, at) === 0x1a2b3c4d) return true;
    this.#littleEndian = false;
    return this.#word(bytes, at) === 0x1a2b3c4d;
  }

  #signed64(bytes: Uint8Array, at: number): number {
    const first = this.#word(bytes, at);
    const second = this.#word(bytes, at + 4);
    return this.#littleEndian ? (second | 0) * 2 ** 32 + first : (first | 0) * 2 ** 32 + second;
  }

  #half(bytes: Uint8Array, at: number): number {
    return this.#littleEndian ? bytes[at]! | (bytes[at + 1]! << 8) : (bytes[at]! << 8) | bytes[at + 1]!;
  }

  #word(bytes: Uint8Array, at: number): number {
    return (
      (this.#littleEndian
        ? bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
        : (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
    );
  }

  #damaged(fault: string): number {
    this.step = 'damaged';
    this.fault = fault;
    return 0;
  }
}

function isPacket(type: number): boolean {
  return (
    type === blockType.packetObsolete || type === blockType.simplePacket || type === blockType.enhancedPacket
  );
}
