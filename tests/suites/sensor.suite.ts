import { describe, expect, test } from 'vitest';
import type { ReadingChunk, Sensor } from '../../hardware/sensor.ts';

/** Time that closing may take: what is longer hangs. */
const closeSecondsMax = 4;

/** What the sensor port promises (hardware/sensor.ts); every driver passes it. */
export function sensorSuite(name: string, open: () => Promise<Sensor>): void {
  describe(`${name} keeps the promises of the sensor port`, () => {
    test('chunks come in order of time, with zones that the description has', async () => {
      const sensor = await open();
      const ids = new Set(sensor.description.zones.map((zone) => zone.id));
      const stop = new AbortController();
      let last = Number.NEGATIVE_INFINITY;
      let chunks = 0;
      for await (const chunk of sensor.chunks(stop.signal)) {
        for (let at = 0; at < chunk.length; at += 1) {
          expect(chunk.atSeconds[at]).toBeGreaterThanOrEqual(last);
          last = chunk.atSeconds[at]!;
          if (chunk.kind !== 'probe') expect(ids).toContain(chunk.zone[at]);
        }
        chunks += 1;
        if (chunks === 3) stop.abort();
      }
      expect(chunks).toBeGreaterThan(0);
      await within(sensor.close());
    }, 20_000);

    test('the iteration ends when the signal aborts, whatever it waits for', async () => {
      const sensor = await open();
      const stop = new AbortController();
      const iterator = sensor.chunks(stop.signal)[Symbol.asyncIterator]();
      await iterator.next();
      const waiting = (async () => {
        for (;;) if ((await iterator.next()).done) return;
      })();
      setTimeout(() => stop.abort(), 20);
      await within(waiting);
      await within(sensor.close());
    }, 20_000);

    test('may be closed twice, unread, and by who holds a chunk', async () => {
      const unread = await open();
      await within(unread.close());
      await within(unread.close());
      const sensor = await open();
      const held: ReadingChunk[] = [];
      for await (const chunk of sensor.chunks(new AbortController().signal)) {
        held.push(chunk);
        await within(sensor.close());
      }
      await within(sensor.close());
      expect(held.length).toBeGreaterThan(0);
    }, 20_000);
  });
}

async function within(work: Promise<unknown>): Promise<void> {
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, closeSecondsMax * 1000, 'late'));
  expect(await Promise.race([work, late])).not.toBe('late');
}
