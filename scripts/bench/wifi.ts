import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { presenceDefaults } from '../../edge-agent/count/create-presence-counter.ts';
import { presenceWindows } from '../../edge-agent/replay-presence.ts';
import { openCaptureSensor } from '../../hardware/wifi-probe/capture-sensor.ts';

const recording = join(import.meta.dirname, '../../tests/recordings/brno/2024-04-18.pcap');
/** The recorded afternoon in whole windows, so that the copies follow each other without a gap. */
const afternoonSeconds = 102 * 300;
const fileHeaderBytes = 24;
const recordHeaderBytes = 16;

export interface WifiBenchOptions {
  /** Times the recorded afternoon is laid end to end; 41 make a million frames. */
  readonly afternoons?: number;
  /** Runs of our own path, of which the median counts; the first warms the compiler up. */
  readonly runs?: number;
}

export interface WifiBenchRow {
  readonly path: string;
  readonly frames: number;
  readonly seconds: number;
  readonly framesPerSecond: number;
  /** How many times slower than a loop that only walks the record headers. */
  readonly timesRecordWalk: number;
}

/**
 * Frames per second from the bytes of a capture to closed windows, beside a loop that only walks
 * the record headers, and beside tcpdump and tshark on the same file where they are installed.
 */
export async function run(options: WifiBenchOptions = {}): Promise<WifiBenchRow[]> {
  const { afternoons = 41, runs = 5 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'passant-bench-'));
  try {
    const file = join(folder, 'afternoons.pcap');
    const frames = layEndToEnd(file, afternoons);
    const walk = median(repeat(runs, () => walkRecords(file)));
    const rows: WifiBenchRow[] = [];
    const add = (path: string, seconds: number | null): void => {
      if (seconds === null) return;
      const framesPerSecond = Math.round(frames / seconds);
      rows.push({
        path,
        frames,
        seconds: round(seconds),
        framesPerSecond,
        timesRecordWalk: round(seconds / walk),
      });
    };
    add('walk the record headers', walk);
    for (const mode of ['rate', 'hashing'] as const) {
      const seconds: number[] = [];
      for (let n = 0; n < runs; n += 1) seconds.push(await countWindows(file, mode));
      add(`windows, mode ${mode}`, median(seconds));
    }
    add('tcpdump -r FILE -w /dev/null', timed('tcpdump', ['-r', file, '-w', '/dev/null']));
    add(
      'tshark -r FILE -T fields -e wlan.sa',
      timed('tshark', ['-r', file, '-T', 'fields', '-e', 'wlan.sa']),
    );
    if (rows.length < 5) console.log('tcpdump or tshark is not installed: their rows are missing');
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the afternoon over and over, each time later by its own length; returns the number of frames. */
function layEndToEnd(file: string, afternoons: number): number {
  const day = readFileSync(recording);
  const output = openSync(file, 'w');
  writeSync(output, day.subarray(0, fileHeaderBytes));
  let frames = 0;
  for (let n = 0; n < afternoons; n += 1) {
    if (n > 0) {
      for (let at = fileHeaderBytes; at < day.length; at += recordHeaderBytes + day.readUInt32LE(at + 8)) {
        day.writeUInt32LE(day.readUInt32LE(at) + afternoonSeconds, at);
      }
    }
    for (let at = fileHeaderBytes; at < day.length; at += recordHeaderBytes + day.readUInt32LE(at + 8))
      frames += 1;
    writeSync(output, day.subarray(fileHeaderBytes));
  }
  closeSync(output);
  return frames;
}

async function countWindows(file: string, mode: 'rate' | 'hashing'): Promise<number> {
  const began = performance.now();
  const sensor = await openCaptureSensor({ file, pace: 0, mode });
  await presenceWindows(sensor, { sensor: 'bench', kind: 'wifi-probe', ...presenceDefaults, mode });
  await sensor.close();
  return (performance.now() - began) / 1000;
}

/** Reads the file into one buffer and steps from header to header: the least that any reader does. */
function walkRecords(file: string): number {
  const began = performance.now();
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.alloc(statSync(file).size);
  for (let at = 0; at < buffer.length; ) at += readSync(descriptor, buffer, at, buffer.length - at, null);
  closeSync(descriptor);
  let sum = 0;
  for (let at = fileHeaderBytes; at < buffer.length; at += recordHeaderBytes + buffer.readUInt32LE(at + 8)) {
    sum = (sum + buffer.readUInt32LE(at)) | 0;
  }
  if (sum === 0) throw new Error('the capture is empty');
  return (performance.now() - began) / 1000;
}

/** Seconds of a program's run, or null where it is not installed. */
function timed(program: string, args: readonly string[]): number | null {
  const began = performance.now();
  const { error, status } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  return error === undefined && status === 0 ? (performance.now() - began) / 1000 : null;
}

function repeat(times: number, measure: () => number): number[] {
  return Array.from({ length: times }, measure);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >>> 1]!;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

if (import.meta.main) console.table(await run());
