import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CaptureReader } from '../../hardware/wifi-probe/capture-reader.ts';
import { linkTypes, ProbeFrameFilter } from '../../hardware/wifi-probe/probe-frame.ts';
import { pcap, pcapng, probeRequest, radiotap } from '../doubles/probe-frames.ts';

export interface MutationResult {
  frames: number;
  probe: number;
  other: number;
  malformed: number;
  captures: number;
  /** Seeds of what threw or read past the end; must stay empty. */
  readonly failures: string[];
}

/** Bytes behind the frame: whoever reads them decides differently with the other filling. */
const trapBytes = 64;
const framesPerCapture = 20;

/**
 * Mutates frames (flipped bits, random bytes, cuts, splices; vectors and our own) and captures of
 * them, and judges each. A read past a frame's end shows because the verdict must be the same
 * whatever lies behind it.
 */
export function mutateFrames(count: number, seed: number): MutationResult {
  const random = seeded(seed);
  const seeds = seedFrames();
  const filter = new ProbeFrameFilter();
  const result: MutationResult = { frames: 0, probe: 0, other: 0, malformed: 0, captures: 0, failures: [] };
  const types = [linkTypes.radiotap, linkTypes.radiotap, linkTypes.ieee80211, linkTypes.prism];
  for (let n = 0; n < count; n += 1) {
    const frame = mutate(seeds[random(seeds.length)]!, random);
    const linkType = types[random(types.length)]!;
    const wireBytes = random(4) === 0 ? frame.length + random(100) : frame.length;
    try {
      const zeros = judged(filter, frame, { linkType, wireBytes, filling: 0 });
      const ones = judged(filter, frame, { linkType, wireBytes, filling: 0xff });
      if (zeros !== ones) result.failures.push(`seed ${seed}, frame ${n}: read past the end`);
      result[zeros.split(' ')[0] as 'probe' | 'other' | 'malformed'] += 1;
    } catch (error) {
      result.failures.push(`seed ${seed}, frame ${n}: threw ${(error as Error).message}`);
    }
    result.frames += 1;
    if (n % framesPerCapture === 0) damagedCapture(seeds, random, result, `seed ${seed}, capture ${n}`);
  }
  return result;
}

function judged(
  filter: ProbeFrameFilter,
  frame: Buffer,
  how: { readonly linkType: number; readonly wireBytes: number; readonly filling: number },
): string {
  const bytes = Buffer.concat([Buffer.alloc(3), frame, Buffer.alloc(trapBytes, how.filling)]);
  const end = 3 + frame.length;
  const verdict = filter.judge(how.linkType, bytes, 3, end, how.wireBytes);
  if (filter.addressAt + 6 > end) return 'probe past-end';
  return `${verdict} ${filter.signalDbm} ${filter.addressAt}`;
}

/** A capture with flipped bits, cut somewhere, fed in odd pieces: it may end in a fault, never in a throw. */
function damagedCapture(
  seeds: readonly Buffer[],
  random: (below: number) => number,
  result: MutationResult,
  name: string,
): void {
  const records = Array.from({ length: 1 + random(5) }, (_, index) => ({
    atSeconds: 1_700_000_000 + index,
    packet: seeds[random(seeds.length)]!,
  }));
  const build = random(2) === 0 ? pcap : pcapng;
  const capture = mutate(build(records, { littleEndian: random(2) === 0 }), random);
  const reader = new CaptureReader();
  try {
    for (let from = 0; from < capture.length; ) {
      const piece = Math.min(1 + random(200), capture.length - from);
      const at = reader.fillFrom();
      reader.buffer.set(capture.subarray(from, from + piece), at);
      reader.filled(piece);
      from += piece;
      while (reader.next() === 'frame') {
        if (reader.frame.end > reader.buffer.length) result.failures.push(`${name}: frame past the buffer`);
      }
    }
    result.captures += 1;
  } catch (error) {
    result.failures.push(`${name}: threw ${(error as Error).message}`);
  }
}

function mutate(frame: Buffer, random: (below: number) => number): Buffer {
  const mutated = Buffer.from(frame);
  for (let n = random(6); n > 0; n -= 1) {
    const at = random(mutated.length);
    if (random(2) === 0) mutated[at] = mutated[at]! ^ (1 << random(8));
    else mutated[at] = random(256);
  }
  return random(3) === 0 ? mutated.subarray(0, random(mutated.length + 1)) : mutated;
}

function seedFrames(): Buffer[] {
  const folder = join(import.meta.dirname, '../recordings/radiotap-vectors');
  const request = probeRequest(Buffer.of(2, 3, 5, 7, 11, 13));
  const vectors = readdirSync(folder)
    .filter((file) => file.endsWith('.bin'))
    .map((file) => Buffer.concat([readFileSync(join(folder, file)), request]));
  const prism = Buffer.alloc(144);
  prism.writeUInt32LE(0x44, 0);
  prism.writeUInt32LE(144, 4);
  const ours = [
    radiotap(),
    radiotap({ signalDbm: -50 }),
    radiotap({ flags: 0x10, signalDbm: -70, padding: 3 }),
  ];
  return [
    ...vectors,
    ...ours.map((header) => Buffer.concat([header, request])),
    Buffer.concat([prism, request]),
  ];
}

/** Numbers below a bound (mulberry32, Tommy Ettinger, public domain). */
function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
