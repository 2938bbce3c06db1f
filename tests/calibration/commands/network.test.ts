import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, type TestContext, test } from 'vitest';
import { fakeNmcliScript } from '../../doubles/fake-nmcli.ts';
import { openBench, openTerminal } from '../../terminal/open-terminal.ts';
import type { PracticeBench } from '../../terminal/practice-bench.ts';

/** Something that takes connections, as a gateway's broker does. */
async function listener(context: TestContext): Promise<string> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`;
}

/** What `ip -json` answers for these addresses. */
function addresses(bench: PracticeBench, byInterface: Record<string, string>, hasRoute = true): void {
  const rows = Object.entries(byInterface).map(([ifname, local]) => ({
    ifname,
    addr_info: [{ family: 'inet', local, scope: 'global' }],
  }));
  const route = hasRoute ? '[{"dst":"default","gateway":"192.0.2.1"}]' : '[]';
  bench.program('ip', `case "$*" in *route*) echo '${route}';; *) echo '${JSON.stringify(rows)}';; esac`);
}

describe.concurrent('network, played in a terminal', { timeout: 120_000 }, () => {
  test('lists WiFi networks, joins the picked one, and finds the way to the gateway', async (context) => {
    const terminal = await openTerminal(context);
    const bench = openBench(context, terminal);
    const calls = terminal.write('calls', '');
    const networks = [
      { name: 'Laden: Gäste', address: '02:00:00:00:00:01', signal: 82, security: 'WPA2' },
      { name: 'nebenan', address: '02:00:00:00:00:02', signal: 31, security: 'WPA2' },
    ];
    bench.program('nmcli', fakeNmcliScript(networks, calls));
    bench.program('timedatectl', 'echo yes');
    bench.network('wlan0', { phy: 'phy0' });
    bench.network('eth0', { driver: 'smsc95xx' });
    bench.network('wwan0', { driver: 'qmi_wwan' });
    addresses(bench, { wlan0: '192.0.2.17' });
    const gateway = await listener(context);
    await terminal.calibrate(`network ${bench.option()} --gateway ${gateway}`);
    await terminal.waitFor('Join which WiFi network?');
    // While the technician reads, the driver brings the link up as soon as it is joined.
    bench.network('wlan0', { phy: 'phy0', carrier: true });
    await terminal.press('Enter');
    await terminal.waitFor('Password of Laden: Gäste');
    await terminal.type('geheim:geheim');
    await terminal.press('Enter');
    expect(await terminal.exitCode()).toBe(0);
    const screen = (await terminal.screen()).replace(/\n│? */g, ' ');
    expect(screen).toContain('wlan0: WiFi "Laden: Gäste", signal 82 %');
    expect(screen).toContain('eth0: socket for a cable, nothing plugged in');
    expect(screen).toContain('wwan0: LTE modem, not connected');
    expect(screen).toContain('wlan0 has the address 192.0.2.17');
    expect(screen).toMatch(/Gateway 127\.0\.0\.1:\d+ answers/);
    expect(screen).toContain('The clock is kept');
    expect(screen).not.toContain('geheim');
    const joins = readFileSync(calls, 'utf8')
      .split('\n')
      .filter((line) => line.includes('connect'));
    expect(JSON.parse(joins.at(-1)!)).toContain('geheim:geheim');
  });

  test('says in German what stands in the way, and ends with 1', async (context) => {
    const terminal = await openTerminal(context);
    const bench = openBench(context, terminal);
    bench.program('timedatectl', 'echo no');
    bench.network('eth0', { driver: 'r8169', carrier: true });
    addresses(bench, { eth0: '169.254.9.9' }, false);
    const out = terminal.file('out');
    await terminal.calibrate(
      `network ${bench.option()} --gateway mqtt://127.0.0.1:9 --language de --json > ${out}`,
    );
    expect(await terminal.exitCode()).toBe(1);
    const { good, findings } = JSON.parse(readFileSync(out, 'utf8'));
    expect(good).toBe(false);
    const texts = findings.map(({ text }: { text: string }) => text).join('\n');
    expect(texts).toContain('Niemand vergibt in diesem Netz Adressen');
    expect(texts).toContain('keine Standardroute');
    expect(texts).toContain('an Port 9 hört nichts');
    expect(texts).toContain('Niemand stellt die Uhr');
  });

  test('refuses a network that is not there, and a wrong password without repeating it', async (context) => {
    const terminal = await openTerminal(context);
    const bench = openBench(context, terminal);
    bench.network('wlan0', { phy: 'phy0' });
    addresses(bench, {});
    const calls = terminal.write('calls', '');
    const networks = [{ name: 'shop', address: '02:00:00:00:00:01', signal: 60, security: 'WPA2' }];
    bench.program('nmcli', fakeNmcliScript(networks, calls));
    await terminal.calibrate(`network ${bench.option()} --ssid nowhere --yes`);
    expect(await terminal.exitCode()).toBe(1);
    expect(await terminal.screen()).toContain('--ssid nowhere: no such network within reach');
    const refusing = fakeNmcliScript(networks, calls).replace(
      'const joins',
      "if (parameters.includes('connect')) { process.stdout.write('Error: Secrets were required, but not provided: ' + parameters.join(' ')); process.exit(4); }\nconst joins",
    );
    bench.program('nmcli', refusing);
    terminal.write('password', 'geheim42\n');
    const password = `--password-file ${terminal.file('password')}`;
    await terminal.calibrate(`network ${bench.option()} --ssid shop ${password} --yes`);
    expect(await terminal.exitCode()).toBe(1);
    const screen = await terminal.screen();
    expect(screen).toContain('Secrets were required');
    expect(screen).not.toContain('geheim42');
  });
});
