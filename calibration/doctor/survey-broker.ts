import { readFileSync } from 'node:fs';
import { connect, type IClientOptions, MqttClient } from 'mqtt';
import Value from 'typebox/value';
import type { AgentConfig } from '../../edge-agent/config.ts';
import { openPinnedSocket, TrustError } from '../../edge-agent/uplink/pinned-socket.ts';
import { Receipt } from '../../gateway/contract/receipt.ts';
import { buildTopic } from '../../gateway/contract/topics.ts';
import { type Finding, finding } from '../scan/finding.ts';

export type BrokerCode =
  | 'broker-none'
  | 'broker-secret-unreadable'
  | 'broker-reached'
  | 'broker-denied'
  | 'broker-certificate'
  | 'broker-unreachable'
  | 'receipts-good'
  | 'receipts-none'
  | 'receipts-behind';

/** A broker that says nothing for so long is not there. */
const connectMsMax = 8_000;
/** A retained receipt comes at once after subscribing. */
const receiptMsMax = 2_000;
/** The first minutes may be on their way; later ones without any receipt are stuck. */
const unconfirmedMax = 3;
/** An outbox is sent within seconds; an hour of one sensor waits when something is wrong. */
const behindMax = 60;

/** Whether the broker lets this device in, and how far the gateway has confirmed its counts. */
export async function surveyBroker(
  config: AgentConfig,
  lastSequence: number | null,
): Promise<Finding<BrokerCode>[]> {
  const { uplink, device } = config;
  if (uplink === undefined) return [finding('broker-none', 'bad')];
  const details = { url: uplink.url };
  let options: IClientOptions;
  try {
    options = clientOptions(config);
  } catch (cause) {
    return [finding('broker-secret-unreadable', 'bad', { details: { cause: (cause as Error).message } })];
  }
  const outcome = await askReceipt(uplink, options, buildTopic(device, 'receipt'));
  if (outcome.kind === 'failed')
    return [finding(codeOf(outcome.cause), 'bad', { details: { ...details, cause: outcome.cause } })];
  return [finding('broker-reached', 'good', { details }), receiptFinding(outcome.receipt, lastSequence)];
}

function receiptFinding(receipt: Receipt | null, lastSequence: number | null): Finding<BrokerCode> {
  if (receipt === null)
    return finding('receipts-none', (lastSequence ?? 0) <= unconfirmedMax ? 'hint' : 'bad');
  const { through } = receipt;
  if (lastSequence === null) return finding('receipts-good', 'good', { details: { through, behind: 0 } });
  const behind = Math.max(0, lastSequence - through);
  if (behind > behindMax) return finding('receipts-behind', 'bad', { details: { through, behind } });
  return finding('receipts-good', 'good', { details: { through, behind } });
}

/** As the agent connects, under a name of its own so that the agent is not thrown out. */
function clientOptions({ uplink, device }: AgentConfig): IClientOptions {
  const { password, passwordFile, username, caFile, protocol } = uplink!;
  const secret =
    password ??
    (passwordFile === undefined ? undefined : readFileSync(passwordFile, 'utf8').split('\n')[0]!.trim());
  return {
    protocolVersion: protocol === '5' ? 5 : 4,
    clientId: `${device}-doctor`,
    clean: true,
    reconnectPeriod: 0,
    connectTimeout: connectMsMax,
    ...(secret === undefined ? {} : { username: username ?? device, password: secret }),
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
  };
}

type Answer =
  | { readonly kind: 'answered'; readonly receipt: Receipt | null }
  | { readonly kind: 'failed'; readonly cause: string };

type UplinkConfig = NonNullable<AgentConfig['uplink']>;

async function askReceipt(uplink: UplinkConfig, options: IClientOptions, topic: string): Promise<Answer> {
  let client: MqttClient;
  try {
    client = await openClient(uplink, options);
  } catch (error) {
    const cause = (error as Error).message;
    return { kind: 'failed', cause: error instanceof TrustError ? `certificate: ${cause}` : cause };
  }
  const answer = await new Promise<Answer>((resolve) => {
    client.on('error', (error) => {
      const { code, message } = error as NodeJS.ErrnoException;
      resolve({ kind: 'failed', cause: message || String(code ?? error) });
    });
    client.once('close', () => resolve({ kind: 'failed', cause: 'the broker closed the connection' }));
    client.on('message', (_topic, payload) => resolve({ kind: 'answered', receipt: parseReceipt(payload) }));
    client.once('connect', () => {
      client.subscribe(topic, { qos: 1 }, (error) => {
        if (error) resolve({ kind: 'failed', cause: error.message });
        else setTimeout(() => resolve({ kind: 'answered', receipt: null }), receiptMsMax);
      });
    });
  });
  await client.endAsync(true).catch(() => undefined);
  return answer;
}

/** As the agent: with a pin nothing is said before the server has shown the pinned key. */
async function openClient({ url, pin }: UplinkConfig, options: IClientOptions): Promise<MqttClient> {
  if (pin === undefined) return connect(url, options);
  const { hostname, port } = new URL(url);
  const socket = await openPinnedSocket({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 8883),
    pin,
    nowMs: Date.now(),
    timeoutMs: connectMsMax,
  });
  return new MqttClient(() => socket, options);
}

function parseReceipt(payload: Uint8Array): Receipt | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(payload));
    return Value.Check(Receipt, value) ? value : null;
  } catch {
    return null;
  }
}

function codeOf(cause: string): BrokerCode {
  if (/not authori[sz]ed|bad user ?name or password/i.test(cause)) return 'broker-denied';
  if (/certificate|self.signed|altname/i.test(cause)) return 'broker-certificate';
  return 'broker-unreachable';
}
