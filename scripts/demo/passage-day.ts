/**
 * Lays the people-inside passages out over a day: a recording of four side-looking sensors, idle
 * between passages. See tests/recordings/people-inside/README.md for what the source does not say.
 */

import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { seededRandom } from './seeded-random.ts';

/** The source has no time stamps; four sensors fired in turn make about thirteen sweeps a second. Assumed. */
const sweepSeconds = 0.075;
/** The free width of the door, which an idle sensor reads. */
const doorWidthMm = 870;
/** Two seconds of idle before and after each passage (docs of the recording). */
const idleSeconds = 2;
/** What the source writes for "no echo". */
const noEchoCm = 120;

/** Distances in centimetres, four interleaved sensors. */
export type Passage = readonly number[];

/** The passages of a people-inside file, in its order. */
export function readPassages(file: string): Passage[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' ').map(Number));
}

/** When each passage begins, in seconds from the day's start: seeded, ascending, never overlapping. */
export function passageStarts(passages: readonly Passage[], daySeconds: number, seed: number): number[] {
  const random = seededRandom(seed);
  const lengths = passages.map((passage) => Math.ceil(passage.length / 4) * sweepSeconds + 2 * idleSeconds);
  const free = daySeconds - lengths.reduce((sum, seconds) => sum + seconds, 0);
  if (free < 0) throw new Error(`${passages.length} passages do not fit into ${daySeconds} s`);
  const gaps = passages.map(() => random() * free).sort((a, b) => a - b);
  let occupied = 0;
  return gaps.map((gap, index) => {
    const start = gap + occupied + idleSeconds;
    occupied += lengths[index]!;
    return start;
  });
}

/** Writes the day as a recording. Resolves to the number of readings. */
export async function writePassageDay(options: {
  readonly file: string;
  readonly passages: readonly Passage[];
  readonly starts: readonly number[];
  readonly daySeconds: number;
  readonly startedAt: Date;
}): Promise<number> {
  const stream = createWriteStream(options.file);
  stream.write(`${JSON.stringify(header(options.startedAt))}\n`);
  const sweeps = Math.floor(options.daySeconds / sweepSeconds);
  let lines: string[] = [];
  let next = 0;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const at = sweep * sweepSeconds;
    while (next < options.starts.length && at >= passageEnd(options, next)) next++;
    for (let zone = 0; zone < 4; zone++) lines.push(line(at, zone, distanceCm(options, next, sweep, zone)));
    if (lines.length >= 4096) {
      if (!stream.write(lines.join(''))) await once(stream, 'drain');
      lines = [];
    }
  }
  stream.end(lines.join(''));
  await once(stream, 'finish');
  return sweeps * 4;
}

type Day = Parameters<typeof writePassageDay>[0];

function passageEnd(day: Day, index: number): number {
  return day.starts[index]! + Math.ceil(day.passages[index]!.length / 4) * sweepSeconds;
}

/** What a sensor reads in a sweep: the passage that is under way, or null where the door is empty. */
function distanceCm(day: Day, index: number, sweep: number, zone: number): number | null {
  const start = day.starts[index];
  if (start === undefined) return null;
  const within = sweep - Math.ceil(start / sweepSeconds);
  return within < 0 ? null : (day.passages[index]?.[within * 4 + zone] ?? null);
}

function line(sweepAt: number, zone: number, cm: number | null): string {
  const t = (sweepAt + (zone * sweepSeconds) / 4).toFixed(4);
  // No echo is a reading without a distance: status 2 (signal), as hardware/sensor.ts maps it.
  if (cm !== null && cm >= noEchoCm) return `{"t":${t},"zone":${zone},"mm":${doorWidthMm},"status":2}\n`;
  const mm = cm === null ? doorWidthMm : Math.round(cm * 10);
  return `{"t":${t},"zone":${zone},"mm":${mm},"status":0}\n`;
}

function header(startedAt: Date): object {
  return {
    format: 'passant-recording',
    version: 1,
    sensor: 'ultrasonic',
    geometry: 'side',
    mountingHeightMm: doorWidthMm,
    startedAt: startedAt.toISOString().replace(/\.\d+Z$/, 'Z'),
    zones: [
      { id: 0, side: 'outside', lane: 0 },
      { id: 1, side: 'inside', lane: 0 },
      { id: 2, side: 'outside', lane: 1 },
      { id: 3, side: 'inside', lane: 1 },
    ],
  };
}
