import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, type TestContext, test } from 'vitest';
import { openGatewayBed } from '../../gateway/gateway-bed.ts';
import { emulatedDoor } from '../../terminal/emulated-door.ts';
import { openBench, openTerminal } from '../../terminal/open-terminal.ts';

const agentMain = join(import.meta.dirname, '../../../edge-agent/main.ts');

/** The agent as systemd would start it; it is told to stop when the test has ended. */
function startAgent(context: TestContext, configFile: string): void {
  const agent: ChildProcess = spawn(process.execPath, [agentMain, '--config', configFile], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => agent.once('exit', resolve));
  context.onTestFinished(async () => {
    agent.kill('SIGTERM');
    await ended;
  });
}

describe.concurrent('doctor, played in a terminal', { timeout: 120_000 }, () => {
  test('finds a running counter well when it is, with coverage and receipts', async (context) => {
    const bed = await openGatewayBed();
    context.onTestFinished(() => bed.close());
    const terminal = await openTerminal(context);
    const bench = openBench(context, terminal);
    bench.healthy();
    const door = emulatedDoor(terminal, {}, { url: bed.gateway.brokerUrl, startDelaySecondsMax: 0 });
    await terminal.calibrate(`mount ${door.options} --yes --door none --seconds 2 --json`);
    expect(await terminal.exitCode()).toBe(0);
    startAgent(context, door.configFile);
    const out = terminal.file('out');
    // The first receipt comes with the first closed minute: until then the doctor says that it is missing.
    const examine = async () => {
      await terminal.calibrate(`doctor ${door.options} ${bench.option()} --json > ${out}`);
      await terminal.exitCode();
      return JSON.parse(readFileSync(out, 'utf8')) as {
        findings: { code: string; state: string; text: string }[];
      };
    };
    let findings = (await examine()).findings;
    for (
      let attempt = 0;
      attempt < 10 && !findings.some(({ code }) => /^coverage-(good|low)$/.test(code));
      attempt += 1
    ) {
      findings = (await examine()).findings;
    }
    const states = new Map(findings.map(({ code, state }) => [code, state]));
    for (const code of [
      'agent-counts',

      'broker-reached',
      'card-good',
      'voltage-good',
      'profile-good',
    ]) {
      expect(states.get(code), code).toBe('good');
    }
    // How much an emulated sensor looks depends on what else this machine does; that it is told does not.
    const coverage = findings.find(({ code }) => code === 'coverage-good' || code === 'coverage-low');
    expect(coverage?.text).toMatch(/^Sensor door: looks (only )?\d+ % of the time/);
    const ills = findings.filter(({ state, code }) => state === 'bad' && code !== 'coverage-low');
    expect(ills.map(({ code }) => code)).toEqual([]);
  });

  test('names each ill with the command that mends it, in German, and ends with 1', async (context) => {
    const terminal = await openTerminal(context);
    const bench = openBench(context, terminal);
    bench.file('/proc/mounts', '/dev/mmcblk0p2 / ext4 ro,noatime 0 0\n');
    bench.file('/sys/block/mmcblk0/device/life_time', '0x0a 0x0b\n');
    bench.file('/sys/class/thermal/thermal_zone0/temp', '84500\n');
    bench.program('vcgencmd', 'echo throttled=0x50005');
    const door = emulatedDoor(terminal, {}, { url: 'mqtt://127.0.0.1:9' });
    await terminal.calibrate(`doctor ${door.options} ${bench.option()} --language de`);
    expect(await terminal.exitCode()).toBe(1);
    const screen = (await terminal.screen()).replace(/\n│? */g, ' ');
    expect(screen).toContain('Die Karte versagt');
    expect(screen).toContain('100 % ihres Lebens verbraucht');
    expect(screen).toContain('Prozessor: 85 °C');
    expect(screen).toContain('Spannung: jetzt zu niedrig');
    expect(screen).toContain('→ sudo systemctl start passant-agent');
    expect(screen).toContain('Broker mqtt://127.0.0.1:9: nicht erreicht');
    expect(screen).toContain('Kein Standortprofil');
    expect(screen).toMatch(/7 Dinge sind zu beheben/);
  });
});
