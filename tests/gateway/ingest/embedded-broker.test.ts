import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import type { Completeness } from '../../../gateway/contract/http-api.ts';
import {
  type DeviceCredentials,
  openDeviceCredentials,
} from '../../../gateway/enrolment/device-credentials.ts';
import { type EmbeddedBroker, openEmbeddedBroker } from '../../../gateway/ingest/embedded-broker.ts';
import { RecordBook } from '../../doubles/record-book.ts';
import { openGatewayBed, openTestDevice } from '../gateway-bed.ts';
import { crossing, payload } from '../sample-intervals.ts';

const password = (device: string) => `the long random password of ${device}`;
const credential = (device: string) => ({
  device,
  passwordSha256: createHash('sha256').update(password(device)).digest('hex'),
});

let opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const part of opened.reverse()) await part.close();
  opened = [];
});
function keep<T extends { close(): Promise<unknown> }>(part: T): T {
  opened.push(part);
  return part;
}

/** Passwords of a configuration, with nothing given away since. */
function passwordsOf(devices: readonly string[]): Promise<DeviceCredentials> {
  return openDeviceCredentials(new RecordBook(), devices.map(credential));
}

async function openBroker(devices: readonly string[]): Promise<{ broker: EmbeddedBroker; heard: string[] }> {
  const broker = keep(
    await openEmbeddedBroker({ host: '127.0.0.1', port: 0, credentials: await passwordsOf(devices) }),
  );
  const heard: string[] = [];
  await broker.listen(async ({ topic }) => void heard.push(topic));
  return { broker, heard };
}

/** Long enough for a message over loopback that must not arrive; a control message proves the path. */
const settleMs = 150;

describe('with credentials', () => {
  test('a device needs its own password', async () => {
    const { broker } = await openBroker(['shop-1', 'shop-2']);
    const attempt = (username: string, secret: string) =>
      connectAsync(broker.url, { username, password: secret, reconnectPeriod: 0 });
    await expect(attempt('shop-1', password('shop-2'))).rejects.toThrow(/not authori[sz]ed/i);
    await expect(attempt('nobody', password('nobody'))).rejects.toThrow(/not authori[sz]ed/i);
    await expect(connectAsync(broker.url, { reconnectPeriod: 0 })).rejects.toThrow(/not authori[sz]ed/i);
    const client = await attempt('shop-1', password('shop-1'));
    expect(client.connected).toBe(true);
    await client.endAsync();
  });

  test('a device publishes to its own topics only, and only those that lead to the gateway', async () => {
    const { broker, heard } = await openBroker(['shop-1', 'shop-2']);
    for (const topic of ['passant/v1/shop-2/counts', 'passant/v1/shop-1/receipt', 'elsewhere']) {
      const client = await connectAsync(broker.url, {
        username: 'shop-1',
        password: password('shop-1'),
        reconnectPeriod: 0,
      });
      const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
      client.publish(topic, 'x', { qos: 1 });
      await closed;
      await client.endAsync(true);
    }
    const device = keep(await openTestDevice(broker.url, 'shop-1', password('shop-1')));
    await device.publish('counts', 'x');
    await expect.poll(() => heard).toEqual(['passant/v1/shop-1/counts']);
  });

  test('nothing of another device is ever delivered, whatever is asked for', async () => {
    const { broker } = await openBroker(['shop-1', 'shop-2']);
    const spy = await connectAsync(broker.url, { username: 'shop-2', password: password('shop-2') });
    keep({ close: () => spy.endAsync(true) });
    const received: string[] = [];
    spy.on('message', (topic) => received.push(topic));
    const filters = ['#', '+/v1/+/receipt', 'passant/v1/+/counts', 'passant/v1/shop-1/receipt'];
    for (const filter of [...filters, 'passant/v1/shop-2/receipt']) {
      await spy.subscribeAsync(filter, { qos: 1 }).catch(() => {});
    }
    const device = keep(await openTestDevice(broker.url, 'shop-1', password('shop-1')));
    await device.publish('counts', 'x');
    await broker.publish({ topic: 'passant/v1/shop-1/receipt', payload: '{}', retain: true });
    await broker.publish({ topic: 'passant/v1/shop-2/receipt', payload: '{}', retain: true });
    await expect.poll(() => received).toContain('passant/v1/shop-2/receipt');
    await sleep(settleMs);
    expect(new Set(received)).toEqual(new Set(['passant/v1/shop-2/receipt']));
  });

  test('a will cannot speak in the name of another device either', async () => {
    const { broker, heard } = await openBroker(['shop-1', 'shop-2']);
    for (const target of ['shop-1', 'shop-2']) {
      const client = await connectAsync(broker.url, {
        username: 'shop-2',
        password: password('shop-2'),
        reconnectPeriod: 0,
        will: { topic: `passant/v1/${target}/status`, payload: Buffer.from('{}'), qos: 1, retain: true },
      });
      client.stream.destroy();
      await client.endAsync(true);
    }
    await expect.poll(() => heard).toContain('passant/v1/shop-2/status');
    await sleep(settleMs);
    expect(heard).toEqual(['passant/v1/shop-2/status']);
  });
});

describe('without credentials', () => {
  test('nobody but the gateway can publish a receipt', async () => {
    const { broker } = await openBroker([]);
    const device = keep(await openTestDevice(broker.url, 'shop-1'));
    const forger = await connectAsync(broker.url, { reconnectPeriod: 0 });
    const closed = new Promise<void>((resolve) => forger.once('close', () => resolve()));
    forger.publish('passant/v1/shop-1/receipt', JSON.stringify({ through: 99 }), { qos: 1 });
    await closed;
    await forger.endAsync(true);
    await broker.publish({ topic: 'passant/v1/shop-1/receipt', payload: '{"through":1}', retain: true });
    await expect.poll(() => device.receipts).toEqual([{ through: 1 }]);
  });

  test('a device that knocks before anybody listens waits, and its batch is heard', async () => {
    const broker = keep(
      await openEmbeddedBroker({ host: '127.0.0.1', port: 0, credentials: await passwordsOf([]) }),
    );
    const early = openTestDevice(broker.url, 'shop-1').then(async (device) => {
      await device.publish('counts', 'x');
      return device;
    });
    await sleep(settleMs);
    const heard: string[] = [];
    await broker.listen(async ({ topic }) => void heard.push(topic));
    keep(await early);
    expect(heard).toEqual(['passant/v1/shop-1/counts']);
  });

  test('a packet of many megabytes ends its connection and nobody else’s', async () => {
    const { broker, heard } = await openBroker([]);
    const device = keep(await openTestDevice(broker.url, 'shop-1'));
    const glutton = await connectAsync(broker.url, { reconnectPeriod: 0 });
    const closed = new Promise<void>((resolve) => glutton.once('close', () => resolve()));
    glutton.on('error', () => {});
    glutton.publish('passant/v1/shop-2/counts', Buffer.alloc(5_000_000), { qos: 1 });
    await closed;
    await glutton.endAsync(true);
    await device.publish('counts', 'x');
    await expect.poll(() => heard).toEqual(['passant/v1/shop-1/counts']);
  });

  test('a burst of batches from many devices is receipted to the last', async () => {
    const bed = keep(await openGatewayBed());
    const devices = await Promise.all(
      Array.from({ length: 12 }, (_, index) => openTestDevice(bed.gateway.brokerUrl, `shop-${index}`)),
    );
    for (const device of devices) keep(device);
    const batches = Array.from({ length: 40 }, (_, index) => index + 1);
    await Promise.all(
      devices.flatMap((device) =>
        batches.map((sequence) => device.publish('counts', payload([crossing(sequence)]))),
      ),
    );
    for (const device of devices) await device.receipted(batches.length);
    const { totals } = await bed.get<Completeness>('/v1/devices/shop-7/completeness');
    expect(totals).toMatchObject({ sent: batches.length, stored: batches.length, missing: 0 });
  });
});
