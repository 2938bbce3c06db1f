import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClosedInterval } from '../interval/closed-interval.ts';
import type { Calendar, Cell } from '../interval/minute-cells.ts';

/** The format of the file; another one is not read, and at most the open minute is lost by that. */
const openMinutesVersion = 1;

/** The minutes of one sensor slot that are not closed. */
export interface OpenCells {
  readonly sensor: string;
  readonly kind: 'crossing' | 'motion';
  readonly timeline: 'recorded' | 'live';
  /** The sensor's time up to which everything was taken. */
  readonly nowSeconds: number;
  readonly cells: readonly Cell<unknown>[];
}

/** Everything that a crash of the process would lose. */
export interface OpenMinutes {
  readonly version: typeof openMinutesVersion;
  readonly bootId: string;
  /** Where the outbox stood: what was appended after it need not be saved again. */
  readonly epoch: string;
  readonly lastSequence: number;
  /** Monotonic time of writing. */
  readonly atSeconds: number;
  readonly calendar: Calendar;
  readonly slots: readonly OpenCells[];
  /** Closed, and not in the outbox: the card was full or failing. */
  readonly waiting: readonly ClosedInterval[];
}

/**
 * The file of open minutes in tmpfs: it survives the process and not the machine, and costs the
 * card nothing.
 */
export class OpenMinutesFile {
  readonly #file: string;

  constructor(runDir: string) {
    this.#file = join(runDir, 'open-minutes.json');
  }

  /** Replaces the file at once: a reader finds the old contents or the new ones. Throws on no room. */
  save(minutes: Omit<OpenMinutes, 'version'>): void {
    const next = `${this.#file}.next`;
    writeFileSync(next, JSON.stringify({ version: openMinutesVersion, ...minutes }));
    renameSync(next, this.#file);
  }

  /** What an earlier process of the same boot left open; null where there is nothing to go on with. */
  load(bootId: string): OpenMinutes | null {
    try {
      const minutes = JSON.parse(readFileSync(this.#file, 'utf8')) as OpenMinutes;
      return minutes.version === openMinutesVersion && minutes.bootId === bootId ? minutes : null;
    } catch {
      return null;
    }
  }
}

/** The file in `runDir`, which is made where it is missing. Throws where it cannot be. */
export function openOpenMinutes(runDir: string): OpenMinutesFile {
  mkdirSync(runDir, { recursive: true });
  return new OpenMinutesFile(runDir);
}
