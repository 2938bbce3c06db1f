import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admitted, crossing } from '../sample-intervals.ts';
import { sealEverything } from '../sealing/seal-everything.ts';
import { type ApiBed, openApiBed } from './api-bed.ts';

const from = Date.parse('2026-01-31T23:00:00Z');
let bed: ApiBed;
const widget = (line: string) => bed.app.inject(`/v1/widget/${line}`);

beforeAll(async () => {
  bed = await openApiBed();
  const hours = Array.from({ length: 21 * 24 }, (_, hour) => {
    const ofDay = hour % 24;
    const people = ofDay === 17 ? 400 : ofDay >= 9 && ofDay < 19 ? 100 : 0;
    const start = new Date(from + hour * 3_600_000).toISOString();
    return crossing(hour + 1000, {
      start,
      durationSeconds: 3600,
      coverageSeconds: 3600,
      in: people,
      out: people,
    });
  });
  for (let at = 0; at < hours.length; at += 200) {
    await bed.store.commitBatch(admitted(hours.slice(at, at + 200), { device: 'shop-1' }));
  }
  bed.clock.nowMs = from + 26 * 86_400_000;
});
afterAll(() => bed.close());

const share = (resolution: string, audience = 'public') =>
  bed.store.put(
    [
      {
        kind: 'grant',
        id: 'g',
        body: { line: 'shop-door', audience, resolution, from: '2026-01-01T00:00:00Z' },
      },
    ],
    0,
  );

describe('the widget', () => {
  test('says nothing of a line that is not shared with the public in hours', async () => {
    expect((await widget('shop-door')).statusCode).toBe(404);
    await share('1d');
    expect((await widget('shop-door')).statusCode).toBe(404);
    await share('1h', 'partner');
    expect((await widget('shop-door')).statusCode).toBe(404);
    expect((await widget('nobody')).statusCode).toBe(404);
  });

  test('has not enough data before anything is sealed, and typical hours after it', async () => {
    await share('1h');
    expect((await widget('shop-door')).json()).toMatchObject({ enough: false, levels: [] });
    await sealEverything(bed.store, bed.clock.nowMs);
    const { headers, body } = await widget('shop-door');
    expect(headers['access-control-allow-origin']).toBe('*');
    const { enough, levels } = JSON.parse(body) as { enough: boolean; levels: (number | null)[][] };
    expect([enough, levels.length, levels[0]!.length]).toEqual([true, 7, 24]);
    for (const day of levels) {
      // The busiest hour of each day, and a quarter of it in the others, give or take the noise of sealing.
      expect(day[17]).toBeGreaterThan(90);
      expect(day[11]).toBeGreaterThan(18);
      expect(day[11]).toBeLessThan(32);
      // The night is sealed as one cell.
      expect(day[2]).toBeNull();
    }
    expect(body).not.toMatch(/"(in|out|people|value)"/);
  });

  test('is one small script that names nobody else, and a page for frames', async () => {
    const script = await bed.app.inject('/widget.js');
    expect(script.rawPayload.length).toBeLessThan(15_000);
    expect(script.body).not.toMatch(/https?:\/\//);
    const frame = await bed.app.inject('/widget.html?line=shop-door&language=en');
    expect(frame.body).toContain('data-line="shop-door" data-language="en"');
    expect(frame.headers['content-security-policy']).toContain('frame-ancestors *');
    expect((await bed.app.inject('/widget.html?line=%22%3E%3Cscript%3E')).statusCode).toBe(400);
  });
});
