import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LiveEvent } from '../../../gateway/contract/http-api.ts';
import { type GatewayBed, openGatewayBed, openTestDevice, type TestDevice } from '../gateway-bed.ts';
import { crossing, payload, sampleStart } from '../sample-intervals.ts';

let bed: GatewayBed;
let device: TestDevice;
beforeEach(async () => {
  bed = await openGatewayBed({ now: () => sampleStart + 3_600_000 });
  device = await openTestDevice(bed.gateway.brokerUrl, 'shop-1');
});
afterEach(async () => {
  await device.close();
  await bed.close();
});

/** The events of the stream, one after the other. */
async function* eventsOf(url: string): AsyncGenerator<LiveEvent> {
  const answer = await fetch(`${url}/v1/live`);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  let text = '';
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [event, data] = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      expect(event).toBe('event: totals');
      yield JSON.parse(data!.slice('data: '.length)) as LiveEvent;
    }
  }
}

test('a watcher gets the totals at once and after each change, with the running ones beside them', async () => {
  await device.publish('counts', payload([crossing(1)]));
  await device.receipted(1);
  const events = eventsOf(bed.gateway.url);
  const first = (await events.next()).value as LiveEvent;
  expect(first.lines).toMatchObject([{ line: 'shop-1.door', in: 3, out: 2, running: null }]);

  const totals = { version: 1, sensors: [{ sensor: 'door', in: 41, out: 39 }], padding: '' };
  await device.publish('live', JSON.stringify(totals));
  await device.publish('counts', payload([crossing(2), crossing(3)]));
  const second = (await events.next()).value as LiveEvent;
  expect(second.lines).toMatchObject([{ in: 9, out: 6, running: { in: 41, out: 39 } }]);
  await events.return(undefined);
});

test('a gateway that stops ends the streams and does not wait for the watchers', async () => {
  const events = eventsOf(bed.gateway.url);
  await events.next();
  const started = performance.now();
  await bed.gateway.close();
  expect(performance.now() - started).toBeLessThan(2_000);
  expect((await events.next()).done).toBe(true);
});
