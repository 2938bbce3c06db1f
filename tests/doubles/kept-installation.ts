import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Command, Language } from '../../calibration/command.ts';
import type { SiteProfile } from '../../gateway/contract/site-profile.ts';

/** A door's sensor as a site profile knows it after its baseline. */
export const doorProfile: SiteProfile = {
  version: 1,
  revision: 1,
  parent: null,
  sensors: [
    {
      sensor: 'door',
      kind: 'vl53l1x',
      geometry: 'ceiling',
      mountingHeightMm: 2500,
      zones: [
        { zone: 0, side: 'outside', idleMm: 2500, idleDeviationMm: 8 },
        { zone: 1, side: 'inside', idleMm: 2500, idleDeviationMm: 8 },
      ],
    },
  ],
};

/** The files of an installation, and its verbs without a terminal. */
export class KeptInstallation {
  readonly folder = mkdtempSync(join(tmpdir(), 'passant-kept-'));
  readonly configFile = this.file('agent.json');
  readonly profileFile = this.file('site-profile.json');

  constructor(profile: SiteProfile | null = doorProfile, sensors: readonly object[] = [doorSlot]) {
    this.write('agent.json', { device: 'shop-1', stateDir: this.folder, runDir: this.folder, sensors });
    if (profile !== null) this.write('site-profile.json', profile);
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, value: unknown): string {
    writeFileSync(this.file(name), JSON.stringify(value));
    return this.file(name);
  }

  /** Runs a verb; `--config` is given. */
  async run(command: Command, args: readonly string[], language: Language = 'en') {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const signal = new AbortController().signal;
    const all = [...args, '--config', this.configFile];
    const terminal = { language, stdin, stdout, stderr, signal, interrupt: () => {} };
    const code = await command.run({ args: all, ...terminal });
    stdout.end();
    stderr.end();
    return { code, out: await text(stdout), err: await text(stderr) };
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const doorSlot = {
  sensor: 'door',
  source: { kind: 'vl53l1x', mountingHeightMm: 2500, emulated: { profile: 'easy', seed: 7 } },
};
