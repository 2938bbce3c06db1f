#!/usr/bin/env node
// Starts the agent with the Node 24 that lies beside it, whatever Node is first on the PATH.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const beside = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
const major = Number(process.versions.node.split('.')[0]);
const node = major >= 24 || !existsSync(beside) ? process.execPath : beside;
// systemd names the launcher as the one to feed its watchdog; the child does, and has another number.
const { WATCHDOG_PID: watched, ...environment } = process.env;
const child = spawn(node, [join(import.meta.dirname, 'main.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: watched === undefined || Number(watched) === process.pid ? environment : process.env,
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 128);
});
