import { execFile } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = resolve(import.meta.dirname, '../..');
const prompt = 'ready>';
/** A step that takes longer has hung, even on a machine that does much else. */
const waitSecondsMax = 45;

/** A key that tmux knows by name, for example `Enter`, `Down`, `C-c`, or a character. */
export type Key = string;

/**
 * A real terminal with a shell in it, in which a script plays the technician: it types, presses keys,
 * and reads the screen. `passant-calibrate` is there as after an installation.
 */
export class Terminal {
  readonly folder = mkdtempSync(join(tmpdir(), 'passant-terminal-'));
  readonly #environment: Readonly<Record<string, string>>;
  #verbsRun = 0;

  private constructor(environment: Readonly<Record<string, string>>) {
    this.#environment = environment;
  }

  /** Opens a terminal of 100 × 50 characters. `environment` is added to the shell's. */
  static async open(environment: Readonly<Record<string, string>> = {}): Promise<Terminal> {
    const terminal = new Terminal(environment);
    await terminal.#start();
    return terminal;
  }

  /** A file of the terminal's own folder. */
  file(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, value: unknown): string {
    writeFileSync(this.file(name), typeof value === 'string' ? value : `${JSON.stringify(value, null, 2)}\n`);
    return this.file(name);
  }

  /** Adds a line to a file, for example for the director of a stage. */
  append(name: string, line: string): void {
    appendFileSync(this.file(name), `${line}\n`);
  }

  /** Types a command of the technician's program and presses Enter; `exitCode` waits for its end. */
  async calibrate(commandLine: string): Promise<void> {
    this.#verbsRun += 1;
    await this.type(`passant-calibrate ${commandLine}; echo "[end ${this.#verbsRun}: $?]"`);
    await this.press('Enter');
  }

  /** Waits until the last command has ended, and tells its exit code. */
  async exitCode(): Promise<number> {
    const pattern = new RegExp(`^\\[end ${this.#verbsRun}: (\\d+)\\]`, 'm');
    const screen = await this.waitFor(pattern);
    return Number(pattern.exec(screen)![1]);
  }

  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-t', 'technician', '-l', text);
  }

  async press(...keys: readonly Key[]): Promise<void> {
    await this.#tmux('send-keys', '-t', 'technician', ...keys);
  }

  /** What is on the screen now, with what has scrolled off it. */
  async screen(): Promise<string> {
    const { stdout } = await this.#tmux('capture-pane', '-t', 'technician', '-p', '-J', '-S', '-2000');
    return stdout.trimEnd();
  }

  /** How often the terminal has beeped. */
  get beeps(): number {
    return readFileSync(this.file('bytes'), 'latin1').split('\u0007').length - 1;
  }

  /** The screen as soon as it shows what is waited for. Throws with the screen when it does not come. */
  async waitFor(pattern: RegExp | string, secondsMax = waitSecondsMax): Promise<string> {
    const until = performance.now() + secondsMax * 1000;
    let screen = '';
    while (performance.now() < until) {
      screen = await this.screen();
      if (typeof pattern === 'string' ? screen.includes(pattern) : pattern.test(screen)) return screen;
      await sleep(60);
    }
    throw new Error(`${pattern} did not come within ${secondsMax} s; the screen:\n${screen}`);
  }

  /** The process of the program that runs in the terminal, below shell and launcher. */
  async programId(): Promise<number> {
    const { stdout } = await this.#tmux('list-panes', '-t', 'technician', '-F', '#{pane_pid}');
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const newest = await run('pgrep', ['-P', stdout.trim(), '-n']).catch(() => null);
      if (newest !== null) return Number(newest.stdout.trim());
      await sleep(50);
    }
    throw new Error('no program runs in the terminal');
  }

  /** Wipes the screen, so that the next look finds only what comes after. */
  async clear(): Promise<void> {
    await this.type('clear');
    await this.press('Enter');
    await sleep(100);
    await this.#tmux('clear-history', '-t', 'technician');
  }

  /** Closes the window, as somebody who shuts the laptop: programs in it get SIGHUP. */
  async hangUp(): Promise<void> {
    await this.#tmux('kill-session', '-t', 'technician');
  }

  /** A new window after `hangUp`. */
  async reopen(): Promise<void> {
    await this.#start();
  }

  async close(): Promise<void> {
    await this.#tmux('kill-server').catch(() => {});
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const path = `${this.file('bin')}:${process.env['PATH']}`;
    const profile = this.write('shell-profile', `PS1='${prompt} '\nPATH='${path}'\ncd ${repository}\n`);
    const main = join(repository, 'calibration/main.ts');
    mkdirSync(this.file('bin'), { recursive: true });
    this.write('bin/passant-calibrate', `#!/bin/sh\nexec ${process.execPath} ${main} "$@"\n`);
    chmodSync(this.file('bin/passant-calibrate'), 0o755);
    const variables = Object.entries({
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      ENV: profile,
      ...this.#environment,
    });
    const settings = variables.flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const size = ['-x', '100', '-y', '50'];
    await this.#tmux(
      '-u',
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-s',
      'technician',
      ...size,
      ...settings,
      'sh',
    );
    await this.#tmux('set-option', '-t', 'technician', 'history-limit', '5000');
    await this.#tmux('pipe-pane', '-t', 'technician', `cat >> ${this.file('bytes')}`);
    await this.waitFor(prompt);
  }

  #tmux(...parameters: readonly string[]): Promise<{ readonly stdout: string }> {
    return run('tmux', ['-S', this.file('tmux'), ...parameters]);
  }
}
