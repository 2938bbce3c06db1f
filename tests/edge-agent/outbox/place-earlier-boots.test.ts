import { describe, expect, test } from 'vitest';
import { placeEarlierBoots } from '../../../edge-agent/outbox/place-earlier-boots.ts';

const minuteMs = 60_000;
const minute = (boot: number, at: number) => ({ boot, atMs: at * minuteMs, durationMs: minuteMs });
const presentBootMs = Date.UTC(2026, 2, 2, 8);

describe('boots that never learned the time', () => {
  test('end where the next one begins, in their order, each with its own pace', () => {
    const offsets = placeEarlierBoots([minute(1, 0), minute(1, 1), minute(2, 5)], presentBootMs);
    // Boot 2 looked in its sixth minute only, which ends with the beginning of the present boot.
    expect(offsets.get(2)).toBe(presentBootMs - 6 * minuteMs);
    expect(offsets.get(1)).toBe(presentBootMs - minuteMs - 2 * minuteMs);
  });

  test('are none where every boot learned the time', () => {
    expect(placeEarlierBoots([], presentBootMs).size).toBe(0);
  });
});
