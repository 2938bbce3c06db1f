import type {
  Crossing,
  CrossingCounter,
  CrossingSink,
  Doubt,
  FlagSpan,
  Rejection,
} from '../../../edge-agent/count/counter.ts';
import { distanceChunk } from '../../../hardware/sensor.ts';

/** A sink that remembers everything. */
export class FindingList implements CrossingSink {
  readonly crossings: Crossing[] = [];
  readonly rejections: Rejection[] = [];
  readonly doubts: Doubt[] = [];
  readonly flags: FlagSpan[] = [];

  crossing(crossing: Crossing): void {
    this.crossings.push(crossing);
  }
  rejection(rejection: Rejection): void {
    this.rejections.push(rejection);
  }
  doubt(doubt: Doubt): void {
    this.doubts.push(doubt);
  }
  flag(span: FlagSpan): void {
    this.flags.push(span);
  }
}

/** One reading of a test's own making; a good one where no status is given. */
export interface TestReading {
  readonly t: number;
  readonly zone: number;
  readonly mm: number;
  readonly status?: number;
}

/** Plays readings through a counter to the end and returns all it found. */
export function play(counter: CrossingCounter, readings: readonly TestReading[]): FindingList {
  const list = new FindingList();
  const chunk = distanceChunk(64);
  for (let start = 0; start < readings.length; start += 64) {
    const part = readings.slice(start, start + 64);
    chunk.length = part.length;
    part.forEach((reading, index) => {
      chunk.atSeconds[index] = reading.t;
      chunk.zone[index] = reading.zone;
      chunk.distanceMm[index] = reading.mm;
      chunk.status[index] = reading.status ?? 0;
    });
    counter.take(chunk);
    counter.drain(list);
  }
  counter.finish();
  counter.drain(list);
  return list;
}
