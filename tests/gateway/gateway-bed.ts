import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { pino } from 'pino';
import { expect } from 'vitest';
import { parseGatewayConfig } from '../../gateway/config.ts';
import type { Receipt } from '../../gateway/contract/receipt.ts';
import { type Gateway, openGateway } from '../../gateway/open-gateway.ts';

/** A whole gateway on free ports, with the data of one test. */
export interface GatewayBed {
  readonly gateway: Gateway;
  readonly dataDirectory: string;
  get<T>(path: string): Promise<T>;
  close(): Promise<void>;
}

export interface BedOptions {
  readonly config?: object;
  readonly now?: () => number;
  /** Data of an earlier gateway, which is kept when this one closes. */
  readonly dataDirectory?: string;
}

export async function openGatewayBed(options: BedOptions = {}): Promise<GatewayBed> {
  const dataDirectory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'passant-gateway-'));
  const config = parseGatewayConfig(
    {
      http: { port: 0 },
      broker: { kind: 'embedded', port: 0 },
      dataDirectory,
      logLevel: 'silent',
      ...options.config,
    },
    'test',
  );
  const logger = pino({ level: 'silent' });
  const gateway = await openGateway({ config, logger, ...(options.now ? { now: options.now } : {}) });
  return {
    gateway,
    dataDirectory,
    get: async <T>(path: string) => (await fetch(`${gateway.url}${path}`)).json() as Promise<T>,
    close: async () => {
      await gateway.close();
      if (options.dataDirectory === undefined) rmSync(dataDirectory, { recursive: true });
    },
  };
}

/** A device at a broker, which keeps the receipts it gets. */
export class TestDevice {
  readonly name: string;
  readonly receipts: Receipt[] = [];
  readonly client: MqttClient;

  constructor(name: string, client: MqttClient) {
    this.name = name;
    this.client = client;
    client.on('message', (_topic, payload) => this.receipts.push(JSON.parse(payload.toString()) as Receipt));
  }

  async publish(leaf: string, payload: Uint8Array | string): Promise<void> {
    const body = typeof payload === 'string' ? payload : Buffer.from(payload);
    await this.client.publishAsync(`passant/v1/${this.name}/${leaf}`, body, { qos: 1 });
  }

  async receipted(through: number): Promise<void> {
    await expect.poll(() => this.receipts.at(-1)?.through).toBe(through);
  }

  async close(): Promise<void> {
    await this.client.endAsync(true);
  }
}

export async function openTestDevice(url: string, name: string, password?: string): Promise<TestDevice> {
  const credentials = password === undefined ? {} : { username: name, password };
  const client = await connectAsync(url, { ...credentials, reconnectPeriod: 100 });
  const device = new TestDevice(name, client);
  await client.subscribeAsync(`passant/v1/${name}/receipt`, { qos: 1 });
  return device;
}
