import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export type GpioScript =
  /** Prints edges out of a file, one every few milliseconds, and stays. */
  | { readonly kind: 'edges'; readonly lines: readonly string[]; readonly everyMs: number }
  /** Ends at once with a complaint. */
  | { readonly kind: 'refuses'; readonly complaint: string }
  /** Prints one edge and dies; the next start does the same. */
  | { readonly kind: 'dies-after'; readonly line: string; readonly afterMs: number };

/** `gpiomon` and `gpioset` of either libgpiod on the PATH: shell scripts that note how they were called. */
export class FakeGpioPrograms {
  readonly folder = mkdtempSync(join(tmpdir(), 'passant-gpio-'));
  readonly #pathBefore = process.env['PATH'];
  readonly #calls = join(this.folder, 'calls');

  constructor(version: '1.6.3' | '2.2.1', script: GpioScript) {
    writeFileSync(this.#calls, '');
    this.#install('gpiomon', version, body(this.folder, script));
    this.#install('gpioset', version, body(this.folder, script.kind === 'refuses' ? script : stays));
    process.env['PATH'] = `${this.folder}${delimiter}${this.#pathBefore}`;
  }

  /** Every call's arguments, without those that asked for the version. */
  get calls(): string[] {
    return readFileSync(this.#calls, 'utf8').split('\n').filter(Boolean);
  }

  remove(): void {
    process.env['PATH'] = this.#pathBefore;
    rmSync(this.folder, { recursive: true });
  }

  #install(name: string, version: string, lines: string): void {
    const path = join(this.folder, name);
    const banner = `${name} (libgpiod) v${version}`;
    writeFileSync(
      path,
      `#!/bin/sh\nif [ "$1" = --version ]; then echo "${banner}"; exit 0; fi\necho "${name} $*" >> ${this.#calls}\n${lines}`,
    );
    chmodSync(path, 0o755);
  }
}

const stays: GpioScript = { kind: 'edges', lines: [], everyMs: 1 };

function body(folder: string, script: GpioScript): string {
  if (script.kind === 'refuses') return `echo "${script.complaint}" >&2\nexit 1\n`;
  if (script.kind === 'dies-after') {
    return `sleep ${script.afterMs / 1000}\necho "${script.line}"\nsleep 0.05\nexit 1\n`;
  }
  const file = join(folder, `edges-${script.lines.length}.js`);
  const code = `
    const lines = ${JSON.stringify(script.lines)};
    const next = () => {
      const line = lines.shift();
      if (line !== undefined) process.stdout.write(line + '\\n');
    };
    setTimeout(() => setInterval(next, ${script.everyMs}), 150);
  `;
  writeFileSync(file, code);
  return `exec ${process.execPath} ${file}\n`;
}
