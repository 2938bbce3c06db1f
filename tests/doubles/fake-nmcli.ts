import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A network as NetworkManager would show it. */
export interface FakeNetwork {
  readonly name: string;
  readonly address: string;
  readonly active?: boolean;
  readonly signal: number;
  readonly security: string;
}

/**
 * A program that knows some networks, escapes as the real nmcli does, notes its calls in a file, and is
 * in the network that it joined last.
 */
export function fakeNmcliScript(networks: readonly FakeNetwork[], callsFile: string, refusal = ''): string {
  const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll(':', '\\:');
  const rows = networks.map((network) => ({
    active: network.active ? 'yes' : 'no',
    name: network.name,
    ssid: escaped(network.name),
    bssid: escaped(network.address),
    mode: 'Infra',
    chan: '6',
    freq: '2437 MHz',
    signal: String(network.signal),
    security: network.security,
    'wpa-flags': '(none)',
    'rsn-flags': 'pair_ccmp group_ccmp psk',
    device: 'wlan0',
  }));
  return `#!${process.execPath}
const fs = require('node:fs');
const parameters = process.argv.slice(2);
const calls = ${JSON.stringify(callsFile)};
fs.appendFileSync(calls, JSON.stringify(parameters) + '\\n');
const refusal = ${JSON.stringify(refusal)};
if (refusal) { process.stderr.write(refusal + '\\n'); process.exit(10); }
const joins = fs.readFileSync(calls, 'utf8').split('\\n').filter(Boolean).map(JSON.parse).filter((call) => call.includes('connect'));
const joined = joins.length === 0 ? null : joins.at(-1)[joins.at(-1).indexOf('connect') + 1];
if (parameters.includes('--fields')) {
  const fields = parameters[parameters.indexOf('--fields') + 1].split(',');
  for (const row of ${JSON.stringify(rows)}) {
    if (joined !== null) row.active = row.name === joined ? 'yes' : 'no';
    console.log(fields.map((field) => row[field]).join(':'));
  }
}
`;
}

/** `nmcli` on the PATH of this process. */
export class FakeNmcli {
  readonly folder = mkdtempSync(join(tmpdir(), 'passant-nmcli-'));
  readonly #pathBefore = process.env['PATH'];

  constructor(networks: readonly FakeNetwork[], refusal = '') {
    writeFileSync(join(this.folder, 'calls'), '');
    writeFileSync(join(this.folder, 'nmcli'), fakeNmcliScript(networks, join(this.folder, 'calls'), refusal));
    chmodSync(join(this.folder, 'nmcli'), 0o755);
    process.env['PATH'] = `${this.folder}${delimiter}${this.#pathBefore}`;
  }

  get calls(): string[][] {
    const lines = readFileSync(join(this.folder, 'calls'), 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as string[]);
  }

  remove(): void {
    process.env['PATH'] = this.#pathBefore;
    rmSync(this.folder, { recursive: true });
  }
}
