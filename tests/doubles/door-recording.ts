import { writeFileSync } from 'node:fs';

/** One person of a recording: when the body is in the middle of the passage, and which way it goes. */
export interface Passage {
  readonly atSeconds: number;
  readonly direction: 'in' | 'out';
}

export interface DoorRecordingOptions {
  readonly file: string;
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly passages: readonly Passage[];
}

/** Two zones in turn, 40 readings a second. */
const readingSeconds = 0.025;
const floorMm = 2500;
const headMm = 900;
/** How long a body fills a zone, and how much earlier it reaches the first. */
const occupiedSeconds = 0.5;
const lagSeconds = 0.3;

/** Writes a recording of a ceiling sensor under which people pass well apart. */
export function writeDoorRecording(options: DoorRecordingOptions): void {
  const header = {
    format: 'passant-recording',
    version: 1,
    sensor: 'vl53l1x',
    mountingHeightMm: floorMm,
    startedAt: options.startedAt,
    zones: [
      { id: 0, side: 'outside' },
      { id: 1, side: 'inside' },
    ],
  };
  const lines = [JSON.stringify(header)];
  const readings = Math.round(options.durationSeconds / readingSeconds);
  for (let reading = 0; reading < readings; reading += 1) {
    const atSeconds = Math.round(reading * readingSeconds * 1e6) / 1e6;
    const zone = reading % 2;
    const mm = options.passages.some((passage) => fills(passage, zone, atSeconds)) ? headMm : floorMm;
    lines.push(`{"t":${atSeconds},"zone":${zone},"mm":${mm},"status":0}`);
  }
  writeFileSync(options.file, `${lines.join('\n')}\n`);
}

function fills(passage: Passage, zone: number, atSeconds: number): boolean {
  const first = passage.direction === 'in' ? 0 : 1;
  const begins = passage.atSeconds - (occupiedSeconds + lagSeconds) / 2 + (zone === first ? 0 : lagSeconds);
  return atSeconds >= begins && atSeconds < begins + occupiedSeconds;
}
