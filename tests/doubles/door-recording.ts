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
export const readingSeconds = 0.025;
export const floorMm = 2500;
/** Lens to the top of the head, and from there to where the shoulders leave the zone. */
const headMm = 800;
const headToEdgeMm = 600;
/** Half the time a body is in a zone, and how much later it passes the second one (1.2 m/s). */
const halfSeconds = 0.3;
const lagSeconds = 0.2;

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
    const mm = doorMm(options.passages, zone, atSeconds);
    lines.push(`{"t":${atSeconds},"zone":${zone},"mm":${mm},"status":0}`);
  }
  writeFileSync(options.file, `${lines.join('\n')}\n`);
}

/** What a zone of the door reads while these people pass. */
export function doorMm(passages: readonly Passage[], zone: number, atSeconds: number): number {
  for (const { atSeconds: middleSeconds, direction } of passages) {
    const first = direction === 'in' ? 0 : 1;
    const topSeconds = middleSeconds + (zone === first ? -lagSeconds / 2 : lagSeconds / 2);
    const fromTop = (atSeconds - topSeconds) / halfSeconds;
    if (Math.abs(fromTop) < 1) return headMm + Math.round(headToEdgeMm * fromTop ** 2);
  }
  return floorMm + unrestMm(atSeconds);
}

/** A few millimetres up and down: a floor that never moves is a frozen sensor. */
function unrestMm(atSeconds: number): number {
  return ((Math.round(atSeconds * 1000) * 7919) % 13) - 6;
}
