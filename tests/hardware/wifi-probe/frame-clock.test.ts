import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../hardware/clock.ts';
import { FrameClock } from '../../../hardware/wifi-probe/frame-clock.ts';

/** A monotonic clock that stands still where the test puts it. */
class StillClock implements Clock {
  seconds = 500;
  nowSeconds(): number {
    return this.seconds;
  }
  async sleep(): Promise<void> {}
}

const wallSeconds = () => Date.now() / 1000;

describe('the place of a frame in time', () => {
  test('is as long ago as its stamp says', () => {
    const frames = new FrameClock(new StillClock());
    expect(frames.place(wallSeconds() - 1.5)).toBeCloseTo(498.5, 1);
  });

  test('is never before what has been reported as heard', () => {
    const frames = new FrameClock(new StillClock());
    expect(frames.progress(0.5)).toBe(499.5);
    expect(frames.place(wallSeconds() - 1.5)).toBe(499.5);
  });

  test('is none for a frame that was heard before', () => {
    const frames = new FrameClock(new StillClock());
    const stamp = wallSeconds() - 1;
    frames.place(stamp);
    expect(frames.place(stamp)).toBeNaN();
    expect(frames.place(stamp - 0.5)).toBeNaN();
  });

  test('is now, and goes on, when the wall clock was set to another year', () => {
    const frames = new FrameClock(new StillClock());
    const year = 365 * 86_400;
    expect(frames.place(wallSeconds() + year)).toBe(500);
    // Back again: stamps of the right year are older than the last one, and frames all the same.
    expect(frames.place(wallSeconds())).toBeCloseTo(500, 1);
    expect(frames.place(wallSeconds() - year)).toBe(500);
  });
});
