import { afterEach, describe, expect, test } from 'vitest';
import type { LinkEvent } from '../../../edge-agent/uplink/link.ts';
import { openMqttLink } from '../../../edge-agent/uplink/mqtt-link.ts';
import { openDeviceCredentials } from '../../../gateway/enrolment/device-credentials.ts';
import { openEmbeddedBroker } from '../../../gateway/ingest/embedded-broker.ts';
import { monotonicClock } from '../../../hardware/clock.ts';
import { type MosquittoProcess, openMosquitto } from '../../doubles/mosquitto-process.ts';
import { RecordBook } from '../../doubles/record-book.ts';
import { openTcpProxy, type TcpProxy } from '../../doubles/tcp-proxy.ts';
import { requirePrograms } from '../../require-programs.ts';

const keepaliveSeconds = 2;
/** Half as long again as the keepalive is what MQTT allows (3.1.2.10); the rest is for a busy machine. */
const noticedSecondsMax = 20;

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const part of opened.splice(0).reverse()) await part.close();
});

/** A link to a port of loopback, and what it tells. */
function listenThrough(port: number): { heard: LinkEvent[] } {
  const link = openMqttLink({
    url: `mqtt://127.0.0.1:${port}`,
    clientId: 'shop-1',
    protocol: 'auto',
    keepaliveSeconds,
    subscriptions: ['passant/v1/shop-1/receipt'],
    clock: monotonicClock,
    random: () => 1,
  });
  opened.push(link);
  const heard: LinkEvent[] = [];
  const stopped = new AbortController();
  void (async () => {
    for await (const event of link.events(stopped.signal)) heard.push(event);
  })();
  opened.push({ close: async () => stopped.abort() });
  return { heard };
}

async function openWay(): Promise<{ mosquitto: MosquittoProcess; proxy: TcpProxy; heard: LinkEvent[] }> {
  const mosquitto = await openMosquitto();
  opened.push(mosquitto);
  const proxy = await openTcpProxy(mosquitto.port);
  opened.push(proxy);
  return { mosquitto, proxy, ...listenThrough(proxy.port) };
}

const kinds = (heard: readonly LinkEvent[]) => heard.map(({ kind }) => kind);

describe('a link to a real broker', () => {
  test('notices a connection that swallows everything by its keepalive, and connects again', async (context) => {
    requirePrograms(context, 'mosquitto');
    const { proxy, heard } = await openWay();
    await expect.poll(() => kinds(heard), { timeout: 10_000 }).toEqual(['up']);
    expect(heard[0]).toEqual({ kind: 'up', protocol: 'MQTT 5' });
    proxy.swallow();
    // Nobody ends this connection: only who asks and gets no answer can know.
    await expect.poll(() => kinds(heard).at(-1), { timeout: noticedSecondsMax * 1000 }).toBe('down');
    expect(heard.at(-1)).toMatchObject({ reason: expect.stringMatching(/keepalive/i) });
    proxy.mend();
    await expect.poll(() => kinds(heard).at(-1), { timeout: 30_000 }).toBe('up');
  }, 70_000);

  test('keeps an idle connection alive for longer than the broker would wait', async (context) => {
    requirePrograms(context, 'mosquitto');
    const { heard } = await openWay();
    await expect.poll(() => kinds(heard), { timeout: 10_000 }).toEqual(['up']);
    await new Promise((resolve) => setTimeout(resolve, 2.5 * keepaliveSeconds * 1000));
    expect(kinds(heard)).toEqual(['up']);
  }, 30_000);

  test('falls back to MQTT 3.1.1 where the broker speaks no other, at once and not as a failure', async () => {
    const credentials = await openDeviceCredentials(new RecordBook(), []);
    const broker = await openEmbeddedBroker({ host: '127.0.0.1', port: 0, credentials });
    opened.push(broker);
    await broker.listen(async () => {});
    const { heard } = listenThrough(Number(new URL(broker.url).port));
    await expect.poll(() => kinds(heard), { timeout: 15_000 }).toEqual(['fallback', 'up']);
    expect(heard.at(-1)).toEqual({ kind: 'up', protocol: 'MQTT 3.1.1' });
  }, 30_000);

  test('does not try another protocol where nobody takes the connection', async (context) => {
    requirePrograms(context, 'mosquitto');
    const { mosquitto, proxy, heard } = await openWay();
    await expect.poll(() => kinds(heard), { timeout: 10_000 }).toEqual(['up']);
    await mosquitto.kill('SIGKILL');
    await proxy.close();
    await expect
      .poll(() => kinds(heard).filter((kind) => kind === 'down').length, { timeout: 30_000 })
      .toBeGreaterThan(1);
    expect(kinds(heard)).not.toContain('fallback');
  }, 60_000);
});
