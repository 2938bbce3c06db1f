import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { pino } from 'pino';
import { parseGatewayConfig } from '../../gateway/config.ts';
import type { Receipt } from '../../gateway/contract/receipt.ts';
import { noProfileHash } from '../../gateway/contract/site-profile.ts';
import { buildTopic } from '../../gateway/contract/topics.ts';
import { openGateway } from '../../gateway/open-gateway.ts';

export interface ReceiptLatencyOptions {
  /** Devices that send at the same time: a town's minutes close together. */
  readonly devices?: readonly number[];
  /** Batches of one interval that each device sends, the next one after the receipt of the last. */
  readonly batches?: number;
}

export interface ReceiptLatencyRow {
  readonly devices: number;
  readonly batches: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly batchesPerSecond: number;
}

const defaults = { devices: [1, 20], batches: 200 } as const;

/**
 * How long a batch takes over loopback from its publication to its receipt: parsed, hashed,
 * committed with `synchronous=FULL` by the gateway with its embedded broker, and answered.
 */
export async function run(options: ReceiptLatencyOptions = {}): Promise<ReceiptLatencyRow[]> {
  const { devices, batches } = { ...defaults, ...options };
  const rows: ReceiptLatencyRow[] = [];
  for (const number of devices) rows.push(await measure(number, batches));
  return rows;
}

async function measure(devices: number, batches: number): Promise<ReceiptLatencyRow> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'passant-latency-'));
  const source = { http: { port: 0 }, broker: { kind: 'embedded', port: 0 }, dataDirectory };
  const config = parseGatewayConfig({ ...source, logLevel: 'silent' }, 'bench');
  const gateway = await openGateway({ config, logger: pino({ level: 'silent' }) });
  try {
    const started = performance.now();
    const names = Array.from({ length: devices }, (_, index) => `device-${index + 1}`);
    const latencies = await Promise.all(names.map((name) => sendAll(gateway.brokerUrl, name, batches)));
    const seconds = (performance.now() - started) / 1000;
    const sorted = latencies.flat().sort((left, right) => left - right);
    const quantile = (share: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
    return {
      devices,
      batches: sorted.length,
      p50Ms: rounded(quantile(0.5)),
      p99Ms: rounded(quantile(0.99)),
      batchesPerSecond: Math.round(sorted.length / seconds),
    };
  } finally {
    await gateway.close();
    rmSync(dataDirectory, { recursive: true });
  }
}

/** Sends one device's batches and gives the milliseconds until each receipt. */
async function sendAll(url: string, device: string, batches: number): Promise<number[]> {
  const client = await connectAsync(url);
  // Nagle's algorithm would hold the next batch until the gateway's TCP acknowledges the last answer (40 ms).
  (client.stream as Socket).setNoDelay(true);
  await client.subscribeAsync(buildTopic(device, 'receipt'), { qos: 1 });
  const latencies: number[] = [];
  for (let sequence = 1; sequence <= batches; sequence += 1) {
    const started = performance.now();
    const receipted = receiptOf(client, sequence);
    client.publish(buildTopic(device, 'counts'), batchOf(sequence), { qos: 1 });
    await receipted;
    latencies.push(performance.now() - started);
  }
  await client.endAsync(true);
  return latencies;
}

function receiptOf(client: MqttClient, sequence: number): Promise<void> {
  return new Promise((resolve) => {
    const take = (_topic: string, payload: Buffer) => {
      if ((JSON.parse(payload.toString()) as Receipt).through < sequence) return;
      client.off('message', take);
      resolve();
    };
    client.on('message', take);
  });
}

function batchOf(sequence: number): string {
  const interval = {
    kind: 'crossing',
    sequence,
    sensor: 'door',
    start: new Date(Date.UTC(2026, 2, 2) + sequence * 60_000).toISOString(),
    durationSeconds: 60,
    coverageSeconds: 60,
    flags: [],
    engine: 'two-zone/1',
    profile: noProfileHash,
    clock: 'synced',
    in: sequence % 5,
    out: sequence % 3,
    standardErrorIn: 0.1,
    standardErrorOut: 0.1,
    rejected: {},
  };
  return JSON.stringify({ version: 1, epoch: '00112233445566aa', oldestHeld: 1, intervals: [interval] });
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
