import { describe, expect, test } from 'vitest';
import { CalendarKeeper } from '../../../edge-agent/clock/calendar-keeper.ts';
import { firstEvidence } from '../../../edge-agent/clock/sync-evidence.ts';

const bootedSeconds = Date.UTC(2026, 2, 2, 8) / 1000;

/** Observes a clock that is `wrongBySeconds` off, every second of a span of uptime. */
function observe(
  keeper: CalendarKeeper,
  span: { from: number; to: number },
  clock: { wrongBySeconds?: number; synchronized?: boolean } = {},
): void {
  const { wrongBySeconds = 0, synchronized = true } = clock;
  for (let now = span.from; now < span.to; now += 1) {
    keeper.observe({ nowSeconds: now, wallSeconds: bootedSeconds + now + wrongBySeconds, synchronized });
  }
}

describe('the trust in the calendar', () => {
  test('begins with none, and comes with the operating system’s word', () => {
    const keeper = new CalendarKeeper();
    observe(keeper, { from: 0, to: 100 }, { synchronized: false });
    expect(keeper.trust).toBe('unsynced');
    expect(keeper.calendar).toEqual({ trust: 'none' });
    observe(keeper, { from: 100, to: 101 });
    expect(keeper.calendar).toEqual({ trust: 'synced', offsetSeconds: bootedSeconds });
  });

  test.each([1970, 2019, 2100, 2106])('never comes in the year %i, whoever vouches for it', (year) => {
    const keeper = new CalendarKeeper();
    keeper.observe({ nowSeconds: 5, wallSeconds: Date.UTC(year, 5, 1) / 1000, synchronized: true });
    expect(keeper.trust).toBe('unsynced');
  });

  test.each([3, -3, 3600, -3600, 946_684_800, -946_684_800])(
    'is estimated after a step of %i s, until the new time was vouched for a while',
    (wrongBySeconds) => {
      const keeper = new CalendarKeeper();
      observe(keeper, { from: 0, to: 10 });
      observe(keeper, { from: 10, to: 60 }, { wrongBySeconds, synchronized: false });
      expect(keeper.trust).toBe('stepped');
      expect(keeper.calendar).toEqual({ trust: 'estimated', offsetSeconds: bootedSeconds });
      observe(keeper, { from: 60, to: 79 }, { wrongBySeconds });
      expect(keeper.trust).toBe('stepped');
      observe(keeper, { from: 79, to: 90 }, { wrongBySeconds });
      // Thirty years back lie before 2020: that is never believed.
      const believed = bootedSeconds + wrongBySeconds > Date.UTC(2020, 0, 1) / 1000;
      expect(keeper.trust).toBe(believed ? 'synced' : 'stepped');
      const offsetSeconds = believed ? bootedSeconds + wrongBySeconds : bootedSeconds;
      expect(keeper.calendar).toMatchObject({ offsetSeconds });
    },
  );

  test('comes back at once when the clock returns to where it was', () => {
    const keeper = new CalendarKeeper();
    observe(keeper, { from: 0, to: 10 });
    observe(keeper, { from: 10, to: 12 }, { wrongBySeconds: 7200, synchronized: false });
    expect(keeper.trust).toBe('stepped');
    observe(keeper, { from: 12, to: 13 }, { synchronized: false });
    expect(keeper.calendar).toEqual({ trust: 'synced', offsetSeconds: bootedSeconds });
  });

  test('follows a smeared leap second without a step', () => {
    const keeper = new CalendarKeeper();
    for (let now = 0; now < 86_400; now += 10) {
      observe(keeper, { from: now, to: now + 1 }, { wrongBySeconds: -now / 86_400 });
      expect(keeper.trust).toBe('synced');
    }
    expect(keeper.calendar).toMatchObject({ offsetSeconds: expect.closeTo(bootedSeconds - 1, 2) });
  });
});

test('evidence comes from the first source that can say anything', async () => {
  const says = (answer: boolean | null) => async () => answer;
  expect(await firstEvidence([says(null), says(false), says(true)])).toBe(false);
  expect(await firstEvidence([says(null), says(true)])).toBe(true);
  expect(await firstEvidence([says(null)])).toBe(false);
});
