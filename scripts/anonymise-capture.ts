/**
 * Prepares a capture for the repository: `node scripts/anonymise-capture.ts FROM.pcap TO.pcap`.
 *
 * Keeps the radiotap header and the first 16 bytes of each frame, so that network names, sequence
 * numbers and everything else that could tell phones apart never reach the copy, and replaces each
 * transmitter by a random address drawn anew every 300 seconds, so that nobody can be followed
 * from one window to the next. The table of names lives in this process only.
 */
import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { CaptureReader } from '../hardware/wifi-probe/capture-reader.ts';
import { frameBytesHashing, linkTypes, ProbeFrameFilter } from '../hardware/wifi-probe/probe-frame.ts';
import { radiotapLength } from '../hardware/wifi-probe/radiotap.ts';

const renameSeconds = 300;
const snapBytes = 65_535;

function main(from: string, to: string): void {
  const reader = new CaptureReader();
  const filter = new ProbeFrameFilter();
  const input = openSync(from, 'r');
  const output = openSync(to, 'w');
  writeSync(output, fileHeader());
  let names = new Map<string, Uint8Array>();
  let window = -1;
  for (;;) {
    const step = reader.next();
    if (step === 'damaged') throw new Error(`${from}: ${reader.fault}`);
    if (step === 'more') {
      const at = reader.fillFrom();
      const bytes = readSync(input, reader.buffer, at, reader.buffer.length - at, null);
      if (bytes === 0) break;
      reader.filled(bytes);
      continue;
    }
    const { atSeconds, start, end, wireBytes, linkType } = reader.frame;
    if (filter.judge(linkType, reader.buffer, start, end, wireBytes) !== 'probe') continue;
    if (Math.floor(atSeconds / renameSeconds) !== window) names = new Map();
    window = Math.floor(atSeconds / renameSeconds);
    const kept = reader.buffer.slice(
      start,
      start + radiotapLength(reader.buffer, start, end) + frameBytesHashing,
    );
    rename(kept.subarray(kept.length - 6), names);
    writeSync(output, recordHeader(atSeconds, kept.length, wireBytes));
    writeSync(output, kept);
  }
  closeSync(input);
  closeSync(output);
}

function rename(address: Uint8Array, names: Map<string, Uint8Array>): void {
  const key = Buffer.from(address).toString('hex');
  let name = names.get(key);
  if (name === undefined) {
    name = randomFillSync(new Uint8Array(6));
    // Locally administered, one station: what a phone's random address looks like.
    name[0] = (name[0]! & 0xfc) | 0x02;
    names.set(key, name);
  }
  address.set(name);
}

function fileHeader(): Uint8Array {
  const header = new DataView(new ArrayBuffer(24));
  header.setUint32(0, 0xa1b2c3d4, true);
  header.setUint16(4, 2, true);
  header.setUint16(6, 4, true);
  header.setUint32(16, snapBytes, true);
  header.setUint32(20, linkTypes.radiotap, true);
  return new Uint8Array(header.buffer);
}

function recordHeader(atSeconds: number, captured: number, wireBytes: number): Uint8Array {
  const microseconds = Math.round(atSeconds * 1e6);
  const header = new DataView(new ArrayBuffer(16));
  header.setUint32(0, Math.floor(microseconds / 1e6), true);
  header.setUint32(4, microseconds % 1e6, true);
  header.setUint32(8, captured, true);
  header.setUint32(12, wireBytes, true);
  return new Uint8Array(header.buffer);
}

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) {
  console.error('usage: node scripts/anonymise-capture.ts FROM.pcap TO.pcap');
  process.exitCode = 2;
} else main(from, to);
