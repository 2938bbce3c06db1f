import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Completeness, Health } from '../../../gateway/contract/http-api.ts';
import { openMqttMessageLink } from '../../../gateway/ingest/mqtt-message-link.ts';
import { freePort, type MosquittoProcess, openMosquitto } from '../../doubles/mosquitto-process.ts';
import { requirePrograms } from '../../require-programs.ts';
import { openGatewayBed, openTestDevice } from '../gateway-bed.ts';
import { crossing, payload, sampleEpoch } from '../sample-intervals.ts';

let mosquitto: MosquittoProcess | undefined;
beforeEach(async (context) => {
  requirePrograms(context, 'mosquitto');
  mosquitto = await openMosquitto();
});
afterEach(async () => {
  await mosquitto?.close();
  mosquitto = undefined;
});

describe('with a real Mosquitto between device and gateway', () => {
  test('counts arrive once, receipts come back, and both survive a restart of either', async () => {
    const broker = mosquitto!;
    const config = { broker: { kind: 'external', url: broker.url } };
    const first = await openGatewayBed({ config });
    const device = await openTestDevice(broker.url, 'shop-1');
    await device.publish('counts', payload([crossing(1), crossing(2)]));
    await device.receipted(2);

    // The broker forgets everything; the gateway comes back by itself.
    await broker.restart();
    await expect.poll(async () => (await first.get<Health>('/v1/health')).status).toBe('ok');
    await expect
      .poll(
        async () => {
          await device.publish('counts', payload([crossing(2), crossing(3)]));
          return device.receipts.at(-1)?.through;
        },
        { interval: 200 },
      )
      .toBe(3);
    await first.gateway.close();

    // A new gateway repeats the receipt before it is asked, and answers by name when it is.
    await broker.restart();
    const { dataDirectory } = first;
    const second = await openGatewayBed({ config, dataDirectory });
    const late = await openTestDevice(broker.url, 'shop-1');
    await late.receipted(3);
    const nonce = '00c0ffee';
    await late.publish('resume', JSON.stringify({ version: 1, epoch: sampleEpoch, nonce }));
    await expect.poll(() => late.receipts.at(-1)?.answers).toBe(nonce);
    const { totals } = await second.get<Completeness>('/v1/devices/shop-1/completeness');
    expect(totals).toMatchObject({ sent: 3, stored: 3, missing: 0, refused: 0 });
    for (const part of [device, late, second]) await part.close();
    await first.close().catch(() => {});
  });

  test('two gateways share the batches and every device gets its receipts', async () => {
    const config = { broker: { kind: 'external', url: mosquitto!.url } };
    const first = await openGatewayBed({ config });
    const { dataDirectory } = first;
    const second = await openGatewayBed({ config, dataDirectory });
    const device = await openTestDevice(mosquitto!.url, 'shop-1');
    for (let sequence = 1; sequence <= 20; sequence += 1) {
      await device.publish('counts', payload([crossing(sequence)]));
    }
    await expect.poll(() => Math.max(0, ...device.receipts.map(({ through }) => through))).toBe(20);
    const batches = async (bed: typeof first) => {
      const text = await (await fetch(`${bed.gateway.url}/metrics`)).text();
      return Number(/^passant_batches_total (\d+)$/m.exec(text)?.[1]);
    };
    const shares = [await batches(first), await batches(second)];
    expect(shares[0]! + shares[1]!).toBe(20);
    expect(Math.min(...shares)).toBeGreaterThan(0);
    for (const part of [device, second, first]) await part.close();
  });

  test('a broker that is not there is named', async () => {
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    await expect(openMqttMessageLink({ url })).rejects.toThrow(`${url}: `);
  });
});

describe('with a broker that speaks MQTT 3.1.1 only', () => {
  test('the link falls back and counts arrive all the same', async () => {
    // The embedded broker of another gateway is such a broker.
    const old = await openGatewayBed({ config: { devices: 'known' } });
    const link = await openMqttMessageLink({ url: old.gateway.brokerUrl });
    const heard: string[] = [];
    await link.listen(async ({ topic }) => void heard.push(topic));
    const device = await openTestDevice(old.gateway.brokerUrl, 'shop-1');
    await device.publish('counts', payload([crossing(1)]));
    await expect.poll(() => heard).toEqual(['passant/v1/shop-1/counts']);
    for (const part of [device, link, old]) await part.close();
  });
});
