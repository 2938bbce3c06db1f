import { RadiotapCursor, radiotapField, radiotapLength } from './radiotap.ts';

/** pcap link types that carry 802.11 frames (tcpdump.org/linktypes.html). */
export const linkTypes = { ieee80211: 105, prism: 119, radiotap: 127 } as const;

/** Where a capture carried no signal strength: the sensor port's value. */
export const signalUnknown = 127;

const probeRequest = 0x40;
const fcsAtEnd = 0x10;
const badFcs = 0x40;
const fcsBytes = 4;
/** Frame control, duration, three addresses and the sequence control: IEEE 802.11, 9.3.3.1. */
const managementHeaderBytes = 24;
const receiverAt = 4;
const transmitterAt = 10;
const addressBytes = 6;
/** What mode `rate` may see of a frame: everything before the transmitter's address. */
export const frameBytesRate = transmitterAt;
/** What mode `hashing` needs of a frame: the transmitter's address is the last of it. */
export const frameBytesHashing = transmitterAt + addressBytes;

const prismHeaderBytes = 144;
const prismSignalItemAt = 84;
const avsMagicFirst = 0x80;
const avsHeaderBytesMin = 64;
const avsSignalTypeDbm = 2;

/** `probe` is what we count; `other` is a sound frame of another kind; `malformed` cannot be read. */
export type FrameVerdict = 'probe' | 'other' | 'malformed';

/**
 * Judges one captured frame: the second line of defence behind the kernel's filter. Only the frame
 * control, the receiver and, where asked, the transmitter's address are looked at; network names
 * and all other elements lie beyond what is ever read. Allocates nothing.
 */
export class ProbeFrameFilter {
  /** Strongest antenna of the last frame judged, dBm, or `signalUnknown`. */
  signalDbm = signalUnknown;
  /** Where the transmitter's six bytes begin, or -1 where the capture was cut before their end. */
  addressAt = -1;
  readonly #cursor = new RadiotapCursor();
  #fcs = 0;
  #broken = false;

  /**
   * Judges `bytes[start, end)`; `wireBytes` is how long the frame was on the air, headers of the
   * link type included, and not less than what was captured.
   */
  judge(linkType: number, bytes: Uint8Array, start: number, end: number, wireBytes: number): FrameVerdict {
    this.signalDbm = signalUnknown;
    this.addressAt = -1;
    this.#fcs = 0;
    this.#broken = false;
    const header = this.#radioHeader(linkType, bytes, start, end);
    if (header < 0 || this.#broken) return 'malformed';
    const frameAt = start + header;
    const frameWireBytes = wireBytes - header - this.#fcs;
    const frameEnd = Math.min(end, frameAt + Math.max(0, frameWireBytes));
    if (frameEnd <= frameAt) return 'malformed';
    if (bytes[frameAt] !== probeRequest) return 'other';
    if (frameWireBytes < managementHeaderBytes || frameAt + frameBytesRate > frameEnd) return 'malformed';
    for (let i = frameAt + receiverAt; i < frameAt + transmitterAt; i += 1) {
      if (bytes[i] !== 0xff) return 'other';
    }
    if (frameAt + frameBytesHashing <= frameEnd) this.addressAt = frameAt + transmitterAt;
    return 'probe';
  }

  /** Length of what precedes the 802.11 frame, -1 where it cannot be told. */
  #radioHeader(linkType: number, bytes: Uint8Array, start: number, end: number): number {
    if (linkType === linkTypes.ieee80211) return 0;
    if (linkType === linkTypes.prism) return this.#prismHeader(bytes, start, end);
    const length = radiotapLength(bytes, start, end);
    if (length === 0 || !this.#cursor.begin(bytes, start, length)) return -1;
    this.#radiotapFields(bytes);
    return length;
  }

  #radiotapFields(bytes: Uint8Array): void {
    const cursor = this.#cursor;
    for (;;) {
      const step = cursor.next();
      if (step === 'malformed') this.#broken = true;
      if (step !== 'field') return;
      if (cursor.field === radiotapField.flags) {
        const flags = bytes[cursor.offset]!;
        if ((flags & badFcs) !== 0) this.#broken = true;
        if ((flags & fcsAtEnd) !== 0) this.#fcs = fcsBytes;
      } else if (cursor.field === radiotapField.signalDbm) {
        const signal = (bytes[cursor.offset]! << 24) >> 24;
        if (this.signalDbm === signalUnknown || signal > this.signalDbm) this.signalDbm = signal;
      }
    }
  }

  /** Prism (wlan-ng) headers, and the AVS headers that share their link type. */
  #prismHeader(bytes: Uint8Array, start: number, end: number): number {
    if (end - start < avsHeaderBytesMin) return -1;
    if (bytes[start] === avsMagicFirst) {
      const length = bigEndian32(bytes, start + 4);
      if (length < avsHeaderBytesMin || start + length > end) return -1;
      if (bigEndian32(bytes, start + 44) === avsSignalTypeDbm) this.#signal(bigEndian32(bytes, start + 48));
      return length;
    }
    const length = littleEndian32(bytes, start + 4);
    if (length !== prismHeaderBytes || start + length > end) return -1;
    const item = start + prismSignalItemAt;
    const present = bytes[item + 4] === 0 && bytes[item + 5] === 0;
    if (present) this.#signal(littleEndian32(bytes, item + 8));
    return length;
  }

  /** Prism drivers wrote decibels of several kinds: only what can be dBm is taken. */
  #signal(value: number): void {
    if (value < 0 && value >= -120) this.signalDbm = value;
  }
}

function littleEndian32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

function bigEndian32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}
