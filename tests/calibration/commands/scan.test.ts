import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readAgentConfig } from '../../../edge-agent/config.ts';
import { openBench, openTerminal } from '../../terminal/open-terminal.ts';

// The emulated Arduino wants half a core for three seconds: a busy machine may need another try.
describe.concurrent('scan, played in a terminal', { timeout: 120_000, retry: 2 }, () => {
  test('says in plain words what each thing is, and writes a configuration of what counts', async (context) => {
    const terminal = await openTerminal(context);
    const bench = openBench(context, terminal);
    const stage = terminal.file('stage');
    bench.i2c('/dev/i2c-1', [
      { kind: 'vl53l1x', emulated: { profile: 'easy', seed: 7, stage } },
      { kind: 'registers', address: 0x68, registers: { '0x00': 0x12 } },
    ]);
    const [outside, inside] = [await bench.lidar(1600), await bench.lidar(1590)];
    const board = await bench.arduino();
    const empty = await bench.emptyPort();
    bench.network('wlan0', { phy: 'phy0', carrier: true });
    bench.network('wlan1', { phy: 'phy1' });
    bench.program(
      'iw',
      'printf "Wiphy phy0\\n\\tSupported interface modes:\\n\\t\\t * managed\\nWiphy phy1\\n\\tSupported interface modes:\\n\\t\\t * managed\\n\\t\\t * monitor\\n"',
    );
    const config = terminal.file('agent.json');
    await terminal.calibrate(`scan ${bench.option()} --config ${config} --write`);
    await terminal.waitFor('What is this device to be called?');
    await terminal.press('C-u');
    await terminal.type('shop-1');
    await terminal.press('Enter');
    await terminal.waitFor(/Write the configuration/);
    await terminal.press('Enter');
    expect(await terminal.exitCode()).toBe(0);
    const screen = (await terminal.screen()).replace(/\n│? */g, ' ');
    expect(screen).toContain('Raspberry Pi Zero 2 W');
    expect(screen).toContain('/dev/i2c-1 0x29: VL53L1X, the ceiling sensor');
    expect(screen).toContain('/dev/i2c-1 0x68: probably a clock with a battery');
    expect(screen).toContain(`${outside}: TF-Luna or TFmini-S, firmware 3.3.0, sees 1.6 m`);
    expect(screen).toContain(`${board}: Arduino with StandardFirmata 2.3`);
    expect(screen).toContain(`${empty}: nothing that I know speaks there`);
    expect(screen).toContain('wlan0: connected, the uplink');
    expect(screen).toContain('→ sudo iw dev wlan1 interface add wlan1mon type monitor');
    const { device, sensors } = readAgentConfig(config);
    expect(device).toBe('shop-1');
    expect(sensors).toMatchObject([
      { sensor: 'door', source: { kind: 'vl53l1x', emulated: { stage } } },
      { sensor: 'beams', source: { kind: 'tf-luna', outsidePort: outside, insidePort: inside } },
      { sensor: 'motion', source: { kind: 'pir', arduinoPort: board } },
    ]);
  });

  test('names what is missing and the command that mends it, in German, and ends with 1', async (context) => {
    const terminal = await openTerminal(context);
    const bench = openBench(context, terminal);
    bench.denied('/dev/i2c-1');
    bench.network('wlan0', { phy: 'phy0' });
    await terminal.calibrate(`scan ${bench.option()} --language de`);
    expect(await terminal.exitCode()).toBe(1);
    const screen = (await terminal.screen()).replace(/\n│? */g, ' ');
    expect(screen).toContain('/dev/i2c-1 ist da, aber Sie dürfen es nicht benutzen');
    expect(screen).toContain('→ sudo usermod -aG i2c "$USER"');
    expect(screen).toContain('kein zählender Sensor');
  });

  test('prints one object for programs, knows the wrong chip, and asks nothing', async (context) => {
    const terminal = await openTerminal(context);
    const bench = openBench(context, terminal);
    bench.i2c(
      '/dev/i2c-1',
      [{ kind: 'registers', address: 0x29, registers: { '0xc0': 0xee, '0xc1': 0xaa } }],
      100_000,
    );
    const config = terminal.file('agent.json');
    await terminal.calibrate(
      `scan ${bench.option()} --json --write --config ${config} > ${terminal.file('out')}`,
    );
    expect(await terminal.exitCode()).toBe(1);
    const printed = JSON.parse(readFileSync(terminal.file('out'), 'utf8'));
    expect(printed).toMatchObject({ kind: 'scanned', counts: false, sensors: [], configuration: null });
    const codes = printed.findings.map(({ code }: { code: string }) => code);
    expect(codes).toContain('i2c-vl53l0x');
    expect(codes).toContain('i2c-slow');
    expect(existsSync(config)).toBe(false);
  });
});
