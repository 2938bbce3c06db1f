import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Completeness } from '../../gateway/contract/http-api.ts';
import { openTestDevice } from './gateway-bed.ts';
import { crossing, payload } from './sample-intervals.ts';

const launcher = join(import.meta.dirname, '../../gateway/passant-gateway.mjs');
const main = join(import.meta.dirname, '../../gateway/main.ts');

let folder: string;
let processes: GatewayProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-main-'));
});
afterEach(async () => {
  for (const started of processes) await started.end('SIGKILL');
  processes = [];
  rmSync(folder, { recursive: true });
});

/** A gateway as operators start it. */
class GatewayProcess {
  readonly #process: ChildProcess;
  stdout = '';
  stderr = '';
  readonly exit: Promise<number | null>;

  constructor(file: string, args: readonly string[]) {
    this.#process = spawn(process.execPath, [file, '--data', folder, ...args]);
    this.#process.stdout?.on('data', (chunk) => {
      this.stdout += String(chunk);
    });
    this.#process.stderr?.on('data', (chunk) => {
      this.stderr += String(chunk);
    });
    this.exit = new Promise((resolve) => this.#process.once('exit', resolve));
    processes.push(this);
  }

  /** Where page and broker are, once it says so. */
  async runs(): Promise<{ url: string; broker: string }> {
    await expect.poll(() => this.stdout + this.stderr).toContain('the gateway runs');
    const line = this.stdout.split('\n').find((text) => text.includes('the gateway runs'))!;
    return JSON.parse(line) as { url: string; broker: string };
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#process.kill(signal);
    return this.exit;
  }
}

const anyPorts = ['--port', '0', '--broker-port', '0'];

describe('the gateway as a process', () => {
  test('has after SIGKILL everything it gave a receipt for', async () => {
    const first = new GatewayProcess(main, anyPorts);
    const device = await openTestDevice((await first.runs()).broker, 'shop-1');
    for (let sequence = 1; sequence <= 30; sequence += 1) {
      void device.publish('counts', payload([crossing(sequence)])).catch(() => {});
    }
    await expect.poll(() => device.receipts.length).toBeGreaterThan(2);
    await first.end('SIGKILL');
    const through = device.receipts.at(-1)!.through;
    await device.close();

    const second = new GatewayProcess(main, anyPorts);
    const { url } = await second.runs();
    const answer = await fetch(`${url}/v1/devices/shop-1/completeness`);
    const { epochs } = (await answer.json()) as Completeness;
    expect(through).toBeGreaterThan(0);
    expect(epochs[0]!.through).toBeGreaterThanOrEqual(through);
    expect(epochs[0]!.stored).toBe(epochs[0]!.through);
  });

  test('stops gracefully with exit code 0, started by its launcher, and says nothing on stderr', async () => {
    const gateway = new GatewayProcess(launcher, anyPorts);
    await gateway.runs();
    expect(await gateway.end('SIGTERM')).toBe(0);
    expect(gateway.stdout).toContain('the gateway stops');
    expect(gateway.stderr).toBe('');
  });

  test.each([
    ['page and API', (port: string) => ['--port', port, '--broker-port', '0']],
    ['the MQTT broker', (port: string) => ['--port', '0', '--broker-port', port]],
  ])('names a taken port of %s in one line and exits with 2', async (what, args) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const gateway = new GatewayProcess(main, args(String(port)));
    expect(await gateway.exit).toBe(2);
    expect(gateway.stderr).toBe(`port ${port} for ${what} is taken; choose another one\n`);
    await new Promise((resolve) => server.close(resolve));
  });
});
