import { describe, expect, test } from 'vitest';
import type { ClosedCrossingInterval } from '../../../edge-agent/interval/closed-interval.ts';
import { CrossingIntervals } from '../../../edge-agent/interval/crossing-intervals.ts';
import type { Calendar } from '../../../edge-agent/interval/minute-cells.ts';
import { distanceChunk } from '../../../hardware/sensor.ts';

const source = { sensor: 'door', engine: 'two-zone/1', profile: '0000000000000000' };
const zones = [
  { id: 0, side: 'outside' },
  { id: 1, side: 'inside' },
] as const;

/** 2026-03-02T08:00:00Z. */
const eightSeconds = Date.UTC(2026, 2, 2, 8) / 1000;

function intervalsFrom(startSeconds: number, calendar: Calendar): CrossingIntervals {
  return new CrossingIntervals({ source, zones, startSeconds, calendar });
}

function synced(offsetSeconds: number): Calendar {
  return { trust: 'synced', offsetSeconds };
}

/** Good readings of both zones in turn, 40 a second; `status` may spoil some. */
function look(
  intervals: CrossingIntervals,
  from: number,
  to: number,
  status: (atSeconds: number, zone: number) => number = () => 0,
): void {
  const readings = Math.round((to - from) * 40);
  const chunk = distanceChunk(readings);
  for (let at = 0; at < readings; at += 1) {
    chunk.atSeconds[at] = from + at / 40;
    chunk.zone[at] = at % 2;
    chunk.distanceMm[at] = 2500;
    chunk.status[at] = status(chunk.atSeconds[at]!, at % 2);
  }
  chunk.length = readings;
  intervals.take(chunk);
}

const starts = (closed: readonly ClosedCrossingInterval[]) =>
  closed.map(({ place }) => (place.epochSeconds === null ? null : place.epochSeconds - eightSeconds));

describe('minutes', () => {
  test('lie on the calendar and close ten seconds after their end', () => {
    const intervals = intervalsFrom(0, synced(eightSeconds));
    look(intervals, 0, 69.9);
    expect(intervals.close(69.9)).toEqual([]);
    look(intervals, 69.9, 70.1);
    const [minute] = intervals.close(70.1);
    expect(minute).toMatchObject({
      kind: 'crossing',
      ...source,
      in: 0,
      out: 0,
      durationSeconds: 60,
      clock: 'synced',
    });
    expect(minute!.place).toEqual({ atSeconds: 0, epochSeconds: eightSeconds });
  });

  test('that begin or end in the middle are parts, and a rest of less than a second joins its neighbour', () => {
    const intervals = intervalsFrom(100, synced(eightSeconds - 100 + 42.5));
    look(intervals, 100, 178);
    const closed = intervals.finish(178);
    expect(closed.map(({ durationSeconds }) => durationSeconds)).toEqual([17.5, 60.5]);
    expect(starts(closed)).toEqual([42.5, 60]);
    const late = intervalsFrom(0, synced(eightSeconds + 59.5));
    look(late, 0, 60.5);
    expect(late.finish(60.5).map(({ durationSeconds }) => durationSeconds)).toEqual([60.5]);
  });

  test('in which nobody looked are sent too, with coverage 0', () => {
    const intervals = intervalsFrom(0, synced(eightSeconds));
    look(intervals, 0, 30);
    intervals.advance(200);
    const closed = intervals.close(200);
    expect(starts(closed)).toEqual([0, 60, 120]);
    expect(closed.map(({ coverageSeconds }) => coverageSeconds)).toEqual([expect.closeTo(30.05, 1), 0, 0]);
  });

  test('hold what was found in them, wherever the chunk ended', () => {
    const intervals = intervalsFrom(0, synced(eightSeconds));
    look(intervals, 0, 65);
    intervals.crossing({ atSeconds: 59.9, direction: 'in', confidence: 1 });
    intervals.crossing({ atSeconds: 60.1, direction: 'out', confidence: 1 });
    intervals.rejection({ atSeconds: 61, reason: 'turned-back' });
    intervals.rejection({ atSeconds: 62, reason: 'turned-back' });
    intervals.doubt({ atSeconds: 10, varianceIn: 0.09, varianceOut: 0.16 });
    intervals.doubt({ atSeconds: 20, varianceIn: 0.16, varianceOut: 0 });
    const [first, second] = intervals.finish(65);
    expect(first).toMatchObject({ in: 1, out: 0, rejected: {}, standardErrorIn: 0.5, standardErrorOut: 0.4 });
    expect(second).toMatchObject({ in: 0, out: 1, rejected: { 'turned-back': 2 }, standardErrorIn: 0 });
  });

  test('carry a flag while it is raised, also those that begin under it', () => {
    const intervals = intervalsFrom(0, synced(eightSeconds));
    look(intervals, 0, 59);
    intervals.flag({ flag: 'sunlight', fromSeconds: 50, toSeconds: null });
    look(intervals, 59, 125);
    intervals.flag({ flag: 'sunlight', fromSeconds: 50, toSeconds: 119 });
    look(intervals, 125, 185);
    expect(intervals.finish(185).map(({ flags }) => flags)).toEqual([['sunlight'], ['sunlight'], [], []]);
  });
});

describe('coverage', () => {
  test('is the whole minute under good readings of every zone', () => {
    const intervals = intervalsFrom(0, synced(eightSeconds));
    look(intervals, 0, 130);
    const [first, second] = intervals.finish(130);
    expect(first!.coverageSeconds).toBeCloseTo(60 - 0.025, 3);
    expect(second!.coverageSeconds).toBe(60);
  });

  test('ends 150 ms after the last good reading of any one zone, and begins with the next', () => {
    const intervals = intervalsFrom(0, synced(eightSeconds));
    look(intervals, 0, 60, (atSeconds, zone) => (zone === 1 && atSeconds >= 10 && atSeconds < 25 ? 2 : 0));
    const [minute] = intervals.finish(60);
    // Zone 1 was good at 9.975 last and at 25.025 again.
    expect(minute!.coverageSeconds).toBeCloseTo(60 - 0.025 - (25.025 - 9.975 - 0.15), 1);
  });

  test('is never 0 where somebody was counted, so that the gateway takes the count', () => {
    const intervals = intervalsFrom(0, synced(eightSeconds));
    look(intervals, 0, 10, () => 4);
    intervals.crossing({ atSeconds: 5, direction: 'in', confidence: 0.5 });
    expect(intervals.finish(10)[0]!.coverageSeconds).toBeGreaterThan(0);
  });

  test('is never longer than the minute, however the chunks are cut', () => {
    for (const seconds of [0.1, 0.7, 13, 61]) {
      const intervals = intervalsFrom(0, synced(eightSeconds));
      for (let from = 0; from < 244; from += seconds) look(intervals, from, Math.min(244, from + seconds));
      const closed = intervals.finish(244);
      for (const { coverageSeconds, durationSeconds } of closed) {
        expect(coverageSeconds).toBeLessThanOrEqual(durationSeconds);
      }
      expect(closed.reduce((sum, { coverageSeconds }) => sum + coverageSeconds, 0)).toBeCloseTo(244, 0);
    }
  });
});

describe('the clock', () => {
  test('not yet known: minutes follow the uptime and have no start; once it is known the open ones have', () => {
    const intervals = intervalsFrom(7, { trust: 'none' });
    look(intervals, 7, 132);
    const early = intervals.close(132);
    expect(early.map(({ place }) => place)).toEqual([
      { atSeconds: 7, epochSeconds: null },
      { atSeconds: 60, epochSeconds: null },
    ]);
    expect(early.map(({ clock }) => clock)).toEqual(['estimated', 'estimated']);
    intervals.cells.adopt(132, synced(eightSeconds - 132 + 30));
    look(intervals, 132, 200);
    const closed = intervals.finish(200);
    expect(closed.map(({ clock }) => clock)).toEqual(['estimated', 'synced', 'synced']);
    expect(starts(closed)).toEqual([18, 30, 60]);
    expect(closed.map(({ durationSeconds }) => durationSeconds)).toEqual([12, 30, 38]);
  });

  test.each([
    ['forward by three seconds', 3],
    ['back by three seconds', -3],
    ['forward by an hour', 3600],
    ['back by an hour', -3600],
    ['forward by thirty years', 946_684_800],
    ['back by thirty years', -946_684_800],
  ])('stepped %s: every second stays in exactly one interval', (_name, stepSeconds) => {
    const intervals = intervalsFrom(0, synced(eightSeconds));
    look(intervals, 0, 90);
    const before = intervals.close(90);
    intervals.cells.adopt(90, synced(eightSeconds + stepSeconds));
    look(intervals, 90, 160);
    intervals.crossing({ atSeconds: 89, direction: 'in', confidence: 1 });
    intervals.crossing({ atSeconds: 91, direction: 'out', confidence: 1 });
    const closed = [...before, ...intervals.finish(160)];
    expect(closed.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)).toBeCloseTo(160, 3);
    expect(closed.reduce((sum, interval) => sum + interval.in, 0)).toBe(1);
    expect(closed.reduce((sum, interval) => sum + interval.out, 0)).toBe(1);
    const cut = closed.findIndex(({ place }) => place.atSeconds === 90);
    expect(closed[cut]!.place.epochSeconds).toBe(eightSeconds + 90 + stepSeconds);
    expect(closed[cut - 1]).toMatchObject({ in: 1, place: { atSeconds: 60 }, durationSeconds: 30 });
  });

  test('slewed over a smeared leap second: minutes stay on the grid, none is cut', () => {
    const intervals = intervalsFrom(0, synced(eightSeconds));
    const closed: ClosedCrossingInterval[] = [];
    const day = 86_400;
    for (let now = 60; now <= day; now += 60) {
      intervals.cells.adopt(now, synced(eightSeconds - now / day));
      intervals.advance(now);
      closed.push(...intervals.close(now));
    }
    expect(starts(closed).every((start) => start! % 60 === 0)).toBe(true);
    expect(closed.length).toBeGreaterThan(1435);
    expect(Math.max(...closed.map(({ durationSeconds }) => durationSeconds))).toBeLessThan(60.01);
  });

  test.each([
    ['the night of summer time', Date.UTC(2026, 2, 29, 0, 30) / 1000],
    ['the night of winter time', Date.UTC(2026, 9, 25, 0, 30) / 1000],
  ])('of %s: minutes are UTC, each once', (_name, beganSeconds) => {
    const intervals = intervalsFrom(0, synced(beganSeconds));
    intervals.advance(7200);
    const closed = intervals.finish(7200);
    expect(closed).toHaveLength(120);
    expect(closed.map(({ place }) => (place.epochSeconds! - beganSeconds) / 60)).toEqual(
      Array.from({ length: 120 }, (_, minute) => minute),
    );
  });

  test('of a machine that slept for a month: the month is not looked at, and not filled with minutes', () => {
    const intervals = intervalsFrom(0, synced(eightSeconds));
    look(intervals, 0, 30);
    const month = 30 * 86_400;
    look(intervals, month, month + 30);
    const closed = intervals.finish(month + 30);
    expect(closed.length).toBeLessThan(4);
    expect(closed.reduce((sum, { coverageSeconds }) => sum + coverageSeconds, 0)).toBeLessThan(61);
  });
});
