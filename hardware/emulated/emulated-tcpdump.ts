import { monotonicClock } from '../clock.ts';
import { drawScenario } from './walks/scenario.ts';
import { SeededRandom } from './walks/seeded-random.ts';
import type { WalkProfileName } from './walks/walk-profiles.ts';

/**
 * Writes a capture as `tcpdump -w -` does, of telephones that the people of a scenario carry: a burst
 * of three probe requests from a random address when somebody passes the line. Started with profile,
 * seed and minutes of the walks, then tcpdump's own arguments; the scenario begins with the program.
 */

const heightMm = 2500;
const framesABurst = 3;
/** tcpdump -U hands over each packet; nobody notices twenty milliseconds. */
const writeMs = 20;
const radiotapBytes = 10;

/** pcap, little-endian, microseconds, IEEE802_11_RADIO (link type 127). */
function fileHeader(snapBytes: number): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(snapBytes, 16);
  header.writeUInt32LE(127, 20);
  return header;
}

function packet(frame: Buffer, snapBytes: number, epochSeconds: number): Buffer {
  const kept = frame.subarray(0, snapBytes);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(Math.floor(epochSeconds), 0);
  header.writeUInt32LE(Math.floor((epochSeconds % 1) * 1e6), 4);
  header.writeUInt32LE(kept.length, 8);
  header.writeUInt32LE(frame.length, 12);
  return Buffer.concat([header, kept]);
}

/** Radiotap with flags and signal, then a broadcast probe request for any network. */
function probeRequest(address: Buffer, signalDbm: number, sequence: number): Buffer {
  const radiotap = Buffer.alloc(radiotapBytes);
  radiotap.writeUInt16LE(radiotapBytes, 2);
  radiotap.writeUInt32LE((1 << 1) | (1 << 5), 4); // flags, signal in dBm
  radiotap.writeInt8(signalDbm, 9);
  const frame = Buffer.alloc(26);
  frame[0] = 0x40; // management, probe request
  frame.fill(0xff, 4, 10);
  address.copy(frame, 10);
  frame.fill(0xff, 16, 22);
  frame.writeUInt16LE((sequence & 0xfff) << 4, 22);
  return Buffer.concat([radiotap, frame]);
}

/** A private address: locally administered, not a group. */
function randomAddress(random: SeededRandom): Buffer {
  const address = Buffer.from(Array.from({ length: 6 }, () => Math.floor(random.between(0, 256))));
  address[0] = (address[0]! & 0xfc) | 0x02;
  return address;
}

function main(parameters: readonly string[]): void {
  const [profile, seed, minutes, ...options] = parameters;
  const after = (name: string) => Number(options[options.indexOf(name) + 1]);
  const snapBytes = after('-s');
  let framesLeft = options.includes('-c') ? after('-c') : Number.POSITIVE_INFINITY;
  process.stderr.write('listening on emulated0, link-type IEEE802_11_RADIO\n');
  process.stdout.on('error', () => process.exit(0));
  process.stdout.write(fileHeader(snapBytes));
  const send = (frame: Buffer) => {
    process.stdout.write(packet(frame, snapBytes, Date.now() / 1000));
    framesLeft -= 1;
    if (framesLeft === 0) process.exit(0);
  };
  const random = new SeededRandom(Number(seed), 'telephones');
  // Who learns the header's length wants one frame soon, whoever it is from.
  if (Number.isFinite(framesLeft)) send(probeRequest(randomAddress(random), -60, 0));
  const scenario = drawScenario({
    profile: profile as WalkProfileName,
    seed: Number(seed),
    minutes: Number(minutes),
    mountingHeightMm: heightMm,
  });
  const startedAtSeconds = monotonicClock.nowSeconds();
  const waiting = [...scenario.truth.crossings];
  setInterval(() => {
    const elapsed = monotonicClock.nowSeconds() - startedAtSeconds;
    while (waiting.length > 0 && waiting[0]!.atSeconds <= elapsed) {
      waiting.shift();
      const address = randomAddress(random);
      const signalDbm = Math.round(random.between(-75, -45));
      const sequence = Math.floor(random.between(0, 4096));
      for (let frame = 0; frame < framesABurst; frame += 1) {
        send(probeRequest(address, signalDbm, sequence + frame));
      }
    }
    if (process.ppid === 1) process.exit(0);
  }, writeMs);
}

main(process.argv.slice(2));
