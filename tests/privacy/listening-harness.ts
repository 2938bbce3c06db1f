/**
 * A listener as the agent runs it, in a process of its own whose memory can be searched: the real
 * sensor and the real counter, with windows of a few seconds so that a test sees them end. Prints
 * a JSON line for each window, and for each key its bytes changed by a mask, so that the line
 * itself is not the key.
 *
 * Usage: node listening-harness.ts INTERFACE MODE WINDOW_SECONDS
 */
import type { PresenceCounter } from '../../edge-agent/count/counter.ts';
import { HashingPresenceCounter } from '../../edge-agent/count/hashing-presence-counter.ts';
import type { PresenceWindowSeconds } from '../../edge-agent/count/presence-window-seconds.ts';
import { type Randomness, systemRandomness } from '../../edge-agent/count/randomness.ts';
import { RatePresenceCounter } from '../../edge-agent/count/rate-presence-counter.ts';
import type { ProbeChunk } from '../../hardware/sensor.ts';
import { openWifiProbe } from '../../hardware/wifi-probe/wifi-probe-sensor.ts';

const keyBytes = 16;
const mask = 0xa5;

const [name, mode, windowText] = process.argv.slice(2) as [string, 'rate' | 'hashing', string];
const windowSeconds = Number(windowText) as PresenceWindowSeconds;
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const tellingRandomness: Randomness = {
  fill: (bytes) => {
    systemRandomness.fill(bytes);
    if (bytes.length !== keyBytes) return;
    let masked = '';
    for (const byte of bytes) masked += (byte ^ mask).toString(16).padStart(2, '0');
    say({ maskedKey: masked });
  },
};

const wall = Date.now() / 1000 - Number(process.hrtime.bigint()) / 1e9;
const options = { windowSeconds, calendarOffsetSeconds: wall, minimumSignalDbm: -120 };
const counter: PresenceCounter =
  mode === 'rate'
    ? new RatePresenceCounter(options)
    : new HashingPresenceCounter({ ...options, bits: 256, epsilon: 2, randomness: tellingRandomness });

const abort = new AbortController();
process.once('SIGTERM', () => abort.abort());
const sensor = await openWifiProbe({ kind: 'wifi-probe', interface: name }, { mode, windowSeconds });
say({ opened: true });
for await (const chunk of sensor.chunks(abort.signal)) {
  counter.take(chunk as ProbeChunk);
  counter.drain({ window: (window) => say({ window }) });
}
