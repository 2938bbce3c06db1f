import { describe, expect, test } from 'vitest';
import type { PresenceCounter, PresenceWindow } from '../../../edge-agent/count/counter.ts';
import {
  createPresenceCounter,
  presenceDefaults,
} from '../../../edge-agent/count/create-presence-counter.ts';
import { presenceWindowSeconds } from '../../../edge-agent/count/presence-window-seconds.ts';
import { chunkOf, type Heard } from '../../doubles/probe-chunks.ts';

const live = { kind: 'live' } as const;
/** Whole multiple of 300: the sensor's zero lies on the calendar's grid. */
const recorded = { kind: 'recorded', startedAtEpochSeconds: 1_713_444_600 } as const;

function drained(counter: PresenceCounter): PresenceWindow[] {
  const windows: PresenceWindow[] = [];
  counter.drain({ window: (window) => windows.push(window) });
  return windows;
}

function rate(options: { minimumSignalDbm?: number; startedAtEpochSeconds?: number } = {}): PresenceCounter {
  const timeline = {
    ...recorded,
    startedAtEpochSeconds: options.startedAtEpochSeconds ?? recorded.startedAtEpochSeconds,
  };
  const profile = { ...presenceDefaults, mode: 'rate' as const };
  const { minimumSignalDbm } = options;
  return createPresenceCounter(minimumSignalDbm === undefined ? profile : { ...profile, minimumSignalDbm }, {
    timeline,
  });
}

describe('a presence window', () => {
  test('lies on the calendar, also when listening began within it', () => {
    const counter = rate({ startedAtEpochSeconds: recorded.startedAtEpochSeconds + 281 });
    counter.take(chunkOf([{ atSeconds: 0.5 }], 400));
    counter.finish();
    const windows = drained(counter);
    expect(windows.map(({ startSeconds }) => startSeconds)).toEqual([-281, 19, 319]);
    expect(windows.map(({ coverageSeconds }) => coverageSeconds)).toEqual([18.5, 300, 81]);
    expect(windows.map(({ frames }) => frames)).toEqual([1, 0, 0]);
  });

  test('of a place that nobody listened to has coverage 0, and is not an empty place', () => {
    const counter = rate();
    counter.take(chunkOf([], 10));
    counter.take(chunkOf([], 950, { deaf: true }));
    counter.take(chunkOf([], 1000));
    counter.finish();
    expect(drained(counter).map(({ coverageSeconds }) => coverageSeconds)).toEqual([0, 0, 0, 50]);
  });

  test('closes although the sensor is silent, and says that it was', () => {
    const counter = rate();
    counter.take(chunkOf([], 0));
    counter.take(chunkOf([], 100));
    counter.advance(304);
    expect(drained(counter)).toEqual([]);
    counter.advance(306);
    expect(drained(counter)).toMatchObject([{ startSeconds: 0, coverageSeconds: 100 }]);
  });

  test('is cut at the grid of a calendar that became known, and the next ones lie on it', () => {
    const counter = createPresenceCounter({ ...presenceDefaults, mode: 'rate' }, { timeline: live });
    counter.take(chunkOf([], 10));
    counter.take(chunkOf([], 50));
    // From now on the sensor's 100 is a whole multiple of 300 of the calendar.
    counter.adopt(200);
    counter.take(chunkOf([], 500));
    counter.finish();
    const windows = drained(counter);
    expect(windows.map(({ startSeconds, durationSeconds }) => [startSeconds, durationSeconds])).toEqual([
      [0, 100],
      [100, 300],
      [400, 300],
    ]);
  });

  test('is never longer than 300 seconds: the type and the function say so', () => {
    for (const seconds of [0, 29, 301, 3600, 60.5, Number.NaN]) {
      expect(() => presenceWindowSeconds(seconds)).toThrow(RangeError);
    }
    expect(presenceWindowSeconds(300)).toBe(300);
    const profile = { ...presenceDefaults, mode: 'hashing', windowSeconds: 86_400 } as const;
    expect(() => createPresenceCounter(profile, { timeline: recorded })).toThrow('30 to 300');
  });
});

describe('mode rate', () => {
  test('counts seconds with a frame of the asked strength, and bursts by band', () => {
    const counter = rate({ minimumSignalDbm: -70 });
    const frames: Heard[] = [
      // A burst of three in one second, strongest -60.
      { atSeconds: 1, signalDbm: -66 },
      { atSeconds: 1.02, signalDbm: -60 },
      { atSeconds: 1.04, signalDbm: -80 },
      // From next door: a burst, but no busy second.
      { atSeconds: 2.5, signalDbm: -90 },
      // Two bursts in one second.
      { atSeconds: 5.1, signalDbm: -50 },
      { atSeconds: 5.9, signalDbm: -50 },
      // A strength that the capture did not carry counts.
      { atSeconds: 7, signalDbm: 127 },
    ];
    counter.take(chunkOf(frames, 300));
    expect(drained(counter)).toMatchObject([
      { frames: 7, indicator: 3, bands: [1, 0, 0, 1, 3], saturated: false, coverageSeconds: 299 },
    ]);
  });

  test('is saturated where nearly every second is busy, as when a machine invents addresses', () => {
    const counter = rate();
    counter.take(
      chunkOf(
        Array.from({ length: 100_000 }, (_, n) => ({ atSeconds: n * 0.003 })),
        300,
      ),
    );
    expect(drained(counter)).toMatchObject([{ frames: 100_000, saturated: true }]);
  });

  test('reads no address: whatever is in it, nothing changes', () => {
    const windowsOf = (first: number) => {
      const counter = rate();
      const address = Buffer.of(first, 0, 0, 0, 0, 1);
      counter.take(
        chunkOf(
          [
            { atSeconds: 1, address },
            { atSeconds: 9, address },
          ],
          600,
        ),
      );
      return drained(counter);
    };
    expect(windowsOf(2)).toEqual(windowsOf(250));
  });
});

describe('mode hashing', () => {
  const hashing = (seed?: number) =>
    createPresenceCounter(
      { ...presenceDefaults, mode: 'hashing' },
      { timeline: recorded, ...(seed === undefined ? {} : { seed }) },
    );
  const phones = Array.from({ length: 40 }, (_, n) => ({
    atSeconds: n,
    address: Buffer.of(2, 0, 0, 0, 0, n),
  }));

  test('gives the same windows for the same seed, and others from the system', () => {
    const indicator = (counter: PresenceCounter) => {
      counter.take(chunkOf(phones, 300));
      return drained(counter)[0]!.indicator;
    };
    expect(indicator(hashing(7))).toBe(indicator(hashing(7)));
    const fromSystem = new Set(Array.from({ length: 20 }, () => indicator(hashing())));
    expect(fromSystem.size).toBeGreaterThan(1);
  });

  test('never takes a seed for a live sensor', () => {
    const profile = { ...presenceDefaults, mode: 'hashing' } as const;
    expect(() => createPresenceCounter(profile, { timeline: live, seed: 7 })).toThrow('replays only');
  });

  test('refuses chunks without addresses, which come from a sensor opened in another mode', () => {
    expect(() => hashing().take(chunkOf([{ atSeconds: 1 }], 2))).toThrow(RangeError);
  });

  test('knows nothing of radios weaker than the profile asks', () => {
    const profile = { ...presenceDefaults, mode: 'hashing', minimumSignalDbm: -70 } as const;
    const windowsOf = (frames: readonly Heard[]) => {
      const counter = createPresenceCounter(profile, { timeline: recorded, seed: 3 });
      counter.take(chunkOf(frames, 300));
      return drained(counter)[0]!.indicator;
    };
    const weak = phones.map((phone) => ({ ...phone, signalDbm: -80 }));
    expect(windowsOf(weak)).toBe(windowsOf([{ ...phones[0]!, signalDbm: -90 }]));
  });

  test('has the same distribution when all addresses are renamed in each window', () => {
    const estimates = (rename: (n: number) => Buffer) =>
      Array.from({ length: 300 }, (_, seed) => {
        const counter = hashing(seed + 1);
        counter.take(
          chunkOf(
            phones.map((phone, n) => ({ ...phone, address: rename(n) })),
            300,
          ),
        );
        return drained(counter)[0]!.indicator;
      });
    const plain = estimates((n) => Buffer.of(2, 0, 0, 0, 0, n));
    const renamed = estimates((n) => Buffer.of(6, 31, (n * 7) % 251, 200 - n, n, 99));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = (values: number[]) => mean(values.map((value) => (value - mean(values)) ** 2));
    const error = Math.sqrt((variance(plain) + variance(renamed)) / 300);
    expect(Math.abs(mean(plain) - mean(renamed))).toBeLessThan(4 * error);
    expect(variance(plain) / variance(renamed)).toBeGreaterThan(0.6);
    expect(variance(plain) / variance(renamed)).toBeLessThan(1.7);
  });

  test('carries no trace of a window into the next', () => {
    const after = (seed: number) => {
      const counter = hashing(seed);
      counter.take(chunkOf(phones, 300));
      counter.take(chunkOf([], 600, { withAddresses: true }));
      return drained(counter)[1]!;
    };
    const busy = Array.from({ length: 60 }, (_, seed) => after(seed).indicator);
    const mean = busy.reduce((sum, value) => sum + value, 0) / busy.length;
    // An empty window errs by 6.8 radios: 60 of them by 0.9 on average.
    expect(Math.abs(mean)).toBeLessThan(4 * 0.9);
  });
});
