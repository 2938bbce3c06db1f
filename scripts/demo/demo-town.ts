/**
 * What the demo plays: three counters in one town, each with a day that ends now. See the READMEs
 * beside the recordings for what is real about them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { drawArrivalScenario } from '../../hardware/emulated/walks/arrival-scenario.ts';
import type { SensorConfig } from '../../hardware/open-sensor.ts';
import type { DemoLine } from './demo-report.ts';
import { passageStarts, readPassages, writePassageDay } from './passage-day.ts';

const recordings = join(import.meta.dirname, '../../tests/recordings');

/** A counter of the demo: one device with one sensor at one line. */
export interface DemoCounter {
  readonly device: string;
  readonly sensor: string;
  readonly source: SensorConfig;
  readonly site: { readonly id: string; readonly name: string; readonly organisation: string };
  readonly line: {
    readonly id: string;
    readonly name: string;
    readonly role: 'entrance' | 'street' | 'inside';
    readonly kind: 'crossing' | 'presence';
  };
  readonly truth: DemoLine['truth'];
  /** A site profile that the counter's device runs with, or null. */
  readonly profileFile: string | null;
  readonly daySeconds: number;
}

export interface DemoDay {
  /** When the last minute of every recording ends, seconds since 1970. */
  readonly endsAtEpochSeconds: number;
  /** How long the replay of each day takes; 0 is as fast as the machine can. */
  readonly replaySeconds: number;
  /** Where generated files may lie. */
  readonly folder: string;
}

const isoTime = (epochSeconds: number): string =>
  `${new Date(epochSeconds * 1000).toISOString().slice(0, 19)}Z`;
const paceOf = (daySeconds: number, day: DemoDay): number =>
  day.replaySeconds === 0 ? 0 : daySeconds / day.replaySeconds;

const slotSeconds = 1800;
/** The shop of the time-of-flight door is open from eight to seven. */
const openFrom = '08:00';
const openUntil = '19:00';
/** Drawn once: the demo looks the same every time. */
const seed = 20_050_921;

/** Simulated walkers in the numbers of a real door's day. */
export function timeOfFlightCounter(day: DemoDay): DemoCounter {
  const arrivals = readFileSync(join(recordings, 'calit2/2005-09-21.csv'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(','))
    .filter(([, time]) => time! >= openFrom && time! < openUntil)
    .map(([, , entered, left]) => ({ in: Number(entered), out: Number(left) }));
  const daySeconds = arrivals.length * slotSeconds;
  const { truth } = drawArrivalScenario({ seed, slotSeconds, arrivals });
  const count = (direction: string) => truth.crossings.filter((one) => one.direction === direction).length;
  return {
    device: 'demo-time-of-flight',
    sensor: 'door',
    source: {
      kind: 'walks',
      seed,
      mountingHeightMm: 2500,
      startedAt: isoTime(day.endsAtEpochSeconds - daySeconds),
      slotSeconds,
      arrivals,
      pace: paceOf(daySeconds, day),
    },
    site: { id: 'buchhandlung', name: 'Buchhandlung am Markt', organisation: 'Buchhandlung am Markt' },
    line: { id: 'buchhandlung-tuer', name: 'Ladentür', role: 'entrance', kind: 'crossing' },
    truth: { in: count('in'), out: count('out') },
    profileFile: null,
    daySeconds,
  };
}

/** Ten hours: 1,430 passages come every 25 seconds. */
const passageDaySeconds = 10 * 3600;

/** Real passages of real people, laid out over a day. */
export async function ultrasonicCounter(day: DemoDay): Promise<DemoCounter> {
  const passages = readPassages(join(recordings, 'people-inside/passages.txt'));
  const file = join(day.folder, 'passages.ndjson');
  await writePassageDay({
    file,
    passages,
    starts: passageStarts(passages, passageDaySeconds, seed),
    daySeconds: passageDaySeconds,
    startedAt: new Date((day.endsAtEpochSeconds - passageDaySeconds) * 1000),
  });
  return {
    device: 'demo-ultrasonic',
    sensor: 'door',
    source: { kind: 'recording', file, pace: paceOf(passageDaySeconds, day) },
    site: { id: 'baeckerei', name: 'Bäckerei Nord', organisation: 'Bäckerei Nord' },
    line: { id: 'baeckerei-tuer', name: 'Eingang', role: 'entrance', kind: 'crossing' },
    truth: { in: null, out: null, passages: passages.length },
    profileFile: null,
    daySeconds: passageDaySeconds,
  };
}

/** A real capture of probe requests. WiFi counts only because this profile names the mode. */
export async function wifiCounter(day: DemoDay): Promise<DemoCounter> {
  const file = join(recordings, 'brno/2024-04-18.pcap');
  const span = await captureSpan(file);
  const daySeconds = span.lastSeconds - span.firstSeconds;
  const profileFile = join(day.folder, 'wifi-site-profile.json');
  writeFileSync(
    profileFile,
    JSON.stringify({
      version: 1,
      revision: 1,
      parent: null,
      sensors: [
        { sensor: 'wifi', kind: 'wifi-probe', mode: 'rate', windowSeconds: 300, epsilon: 2, bits: 256 },
      ],
    }),
  );
  return {
    device: 'demo-wifi',
    sensor: 'wifi',
    source: {
      kind: 'recording',
      file,
      wifiMode: 'rate',
      pace: paceOf(daySeconds, day),
      shiftSeconds: day.endsAtEpochSeconds - Math.ceil(span.lastSeconds / 60) * 60,
    },
    site: { id: 'lesesaal', name: 'Lesesaal der Bücherei', organisation: 'Stadtbücherei' },
    line: { id: 'lesesaal-wlan', name: 'WLAN-Präsenz', role: 'inside', kind: 'presence' },
    truth: { in: null, out: null },
    profileFile,
    daySeconds,
  };
}

/** Times of the first and last packet of a little-endian microsecond pcap file, seconds since 1970. */
async function captureSpan(file: string): Promise<{ firstSeconds: number; lastSeconds: number }> {
  const handle = await open(file);
  const bytes = await handle.readFile();
  await handle.close();
  const fileHeaderBytes = 24;
  const packetHeaderBytes = 16;
  let firstSeconds = 0;
  let lastSeconds = 0;
  for (let at = fileHeaderBytes; at + packetHeaderBytes <= bytes.length; ) {
    lastSeconds = bytes.readUInt32LE(at);
    if (firstSeconds === 0) firstSeconds = lastSeconds;
    at += packetHeaderBytes + bytes.readUInt32LE(at + 8);
  }
  return { firstSeconds, lastSeconds };
}
