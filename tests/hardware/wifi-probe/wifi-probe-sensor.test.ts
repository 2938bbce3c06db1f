import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSensor } from '../../../hardware/open-sensor.ts';
import type { ProbeChunk, Sensor } from '../../../hardware/sensor.ts';
import { probeFilter } from '../../../hardware/wifi-probe/tcpdump-capture.ts';
import { openWifiProbe } from '../../../hardware/wifi-probe/wifi-probe-sensor.ts';
import { FakeMonitor, fakeMonitorFault } from '../../doubles/fake-monitor.ts';
import { type CaptureRecord, pcap, probeRequest, radiotap } from '../../doubles/probe-frames.ts';
import { requirePrograms, requireThat } from '../../require-programs.ts';

const rate = { mode: 'rate', windowSeconds: 300 } as const;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-wifi-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const frame = (n: number, padding = 0) =>
  Buffer.concat([
    radiotap({ signalDbm: -50, padding }),
    probeRequest(Buffer.of(2, 0, 0, 0, n >> 8, n & 255)),
  ]);

/** A shell script in tcpdump's place; it is given tcpdump's arguments. */
const script = (text: string): string[] => ['sh', '-c', text, 'tcpdump'];

/** A script that notes its arguments and its process, plays a capture and stays. */
function player(name: string, records: readonly CaptureRecord[], stay = 'sleep 30'): string[] {
  const file = join(folder, `${name}.pcap`);
  writeFileSync(file, pcap(records));
  return script(
    `echo "$$ $*" >> ${folder}/${name}.log; echo "listening on it" >&2; cat ${file}; exec ${stay}`,
  );
}

const logOf = (name: string): string[] =>
  readFileSync(join(folder, `${name}.log`), 'utf8')
    .trim()
    .split('\n');

/** Pulls chunks until `enough` says so, or fifteen seconds have passed. */
async function pull(sensor: Sensor, enough: (chunk: ProbeChunk) => boolean): Promise<void> {
  const signal = AbortSignal.timeout(15_000);
  for await (const chunk of sensor.chunks(signal)) if (enough(chunk as ProbeChunk)) break;
  expect(signal.aborted).toBe(false);
}

describe('a live listener', () => {
  test('is not started without a mode in the site profile', async () => {
    const captureCommand = script(`touch ${folder}/started`);
    const opening = openSensor({ kind: 'wifi-probe', interface: 'wlan9', captureCommand });
    await expect(opening).rejects.toMatchObject({ code: 'not-permitted-by-profile' });
    expect(existsSync(join(folder, 'started'))).toBe(false);
  });

  test.each([
    ['program-missing', ['passant-no-such-program'], 'not installed'],
    [
      'permission-denied',
      script(`echo "tcpdump: wlan9: You don't have permission to capture on that device" >&2; exit 1`),
      'setcap',
    ],
    ['device-missing', script('echo "tcpdump: wlan9: No such device exists" >&2; exit 1'), 'No such device'],
    [
      'unsupported',
      script('echo "tcpdump: IEEE802_11_RADIO is not one of the DLTs supported by this device" >&2; exit 1'),
      'monitor',
    ],
  ])('says %s at once and what to do', async (code, captureCommand, message) => {
    const opening = openWifiProbe({ kind: 'wifi-probe', interface: 'wlan9', captureCommand }, rate);
    await expect(opening).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    await expect(opening).rejects.toMatchObject({ message: expect.stringMatching(/^wlan9: /) });
  });

  test('says what the real tcpdump says of an interface that is not there', async (context) => {
    requirePrograms(context, 'tcpdump');
    requireThat(context, process.getuid?.() === 0, 'capturing needs root');
    const opening = openWifiProbe({ kind: 'wifi-probe', interface: 'nosuchwlan0' }, rate);
    await expect(opening).rejects.toMatchObject({ code: 'device-missing' });
  });

  test.each([
    ['rate', 10],
    ['hashing', 16],
  ] as const)(
    'in mode %s asks the kernel for the header and %i bytes of broadcast probe requests',
    async (mode, bytes) => {
      const now = Date.now() / 1000;
      const name = `args-${mode}`;
      const captureCommand = player(name, [{ atSeconds: now, packet: frame(1, 4), snapBytes: 13 + bytes }]);
      const config = { kind: 'wifi-probe', interface: 'wlan9', captureCommand } as const;
      const sensor = await openWifiProbe(config, { mode, windowSeconds: 300 });
      await pull(sensor, (chunk) => chunk.length > 0);
      const [learning, capturing] = logOf(name);
      expect(learning).toContain(' -s 4 ');
      expect(learning).toContain(' -c 1 ');
      expect(capturing).toContain(` -s ${frame(1, 4).readUInt16LE(2) + bytes} `);
      expect(capturing).toContain(probeFilter);
      expect(capturing).not.toContain(' -c ');
    },
  );

  test('refuses headers of varying length, because the cut would lie elsewhere', async () => {
    const atSeconds = Date.now() / 1000;
    const records = [
      { atSeconds, packet: frame(1) },
      { atSeconds: atSeconds + 0.1, packet: frame(2, 8) },
    ];
    const captureCommand = player('varying', records);
    const sensor = await openWifiProbe({ kind: 'wifi-probe', interface: 'wlan9', captureCommand }, rate);
    await expect(pull(sensor, () => false)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/vary \(9 bytes, then 17\)/),
    });
  });

  test('starts again after its program was killed, and says how long it was deaf', async () => {
    const captureCommand = player('killed', [{ atSeconds: Date.now() / 1000, packet: frame(1) }]);
    const sensor = await openWifiProbe({ kind: 'wifi-probe', interface: 'wlan9', captureCommand }, rate);
    let phase: 'first' | 'killed' | 'again' = 'first';
    let last = 0;
    let deafSeconds = 0;
    await pull(sensor, (chunk) => {
      if (phase === 'killed' && chunk.deaf) deafSeconds += chunk.progressSeconds - last;
      last = chunk.progressSeconds;
      if (phase === 'first' && !chunk.deaf) {
        process.kill(Number(logOf('killed').at(-1)!.split(' ')[0]), 'SIGKILL');
        phase = 'killed';
      } else if (phase === 'killed' && !chunk.deaf && deafSeconds > 0) phase = 'again';
      return phase === 'again';
    });
    expect(deafSeconds).toBeGreaterThan(0.9);
    // Learned and captured, twice.
    expect(logOf('killed').length).toBe(4);
  });

  test('visits its channels in turn', async () => {
    const captureCommand = player('hopping', [{ atSeconds: Date.now() / 1000, packet: frame(1) }]);
    const sensor = await openWifiProbe(
      {
        kind: 'wifi-probe',
        interface: 'wlan9',
        captureCommand,
        channels: [1, 6, 11],
        channelSeconds: 0.1,
        channelCommand: ['sh', '-c', `echo $0 $1 >> ${folder}/channels`, '{interface}', '{channel}'],
      },
      rate,
    );
    const visited = () => readFileSync(join(folder, 'channels'), 'utf8').trim().split('\n');
    await pull(sensor, () => visited().length >= 5);
    expect(visited().slice(0, 4)).toEqual(['wlan9 1', 'wlan9 6', 'wlan9 11', 'wlan9 1']);
  });

  test('says so when the channel cannot be set', async () => {
    const config = { kind: 'wifi-probe' as const, interface: 'wlan9', channels: [1] };
    const channelCommand = ['passant-no-such-program'];
    await expect(openWifiProbe({ ...config, channelCommand }, rate)).rejects.toMatchObject({
      code: 'program-missing',
    });
  });

  test('hears each request once while one tcpdump after another takes over', async (context) => {
    requirePrograms(context, 'tcpdump', 'ip');
    const fault = fakeMonitorFault();
    requireThat(context, fault === null, fault ?? '');
    const monitor = new FakeMonitor('passant-t1');
    let sent = 0;
    const sending = setInterval(() => monitor.hear(frame(++sent)), 20);
    try {
      const permission = { mode: 'hashing', windowSeconds: 2 } as const;
      const sensor = await openWifiProbe({ kind: 'wifi-probe', interface: monitor.name }, permission);
      const heard: number[] = [];
      await pull(sensor, (chunk) => {
        for (let i = 0; i < chunk.length; i += 1) {
          heard.push(chunk.address![i * 6 + 4]! * 256 + chunk.address![i * 6 + 5]!);
        }
        return heard.length > 150;
      });
      const first = heard[0]!;
      expect(heard).toEqual(Array.from({ length: heard.length }, (_, n) => first + n));
    } finally {
      clearInterval(sending);
      monitor.close();
    }
  });
});
