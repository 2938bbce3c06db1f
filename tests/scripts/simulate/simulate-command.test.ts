import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { parseSimulateCommand } from '../../../scripts/simulate/simulate-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'passant-simulate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const script = new URL('../../../scripts/simulate.ts', import.meta.url).pathname;

/** Runs the command; gives its exit code and what it printed. */
async function simulate(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...args]);
    return { code: 0, stdout, stderr };
  } catch (error) {
    const failed = error as { code: number; stdout: string; stderr: string };
    return { code: failed.code, stdout: failed.stdout, stderr: failed.stderr };
  }
}

describe('the arguments', () => {
  test('are read into one command with its defaults', () => {
    expect(parseSimulateCommand(['--profile', 'quiet', '--out', 'x.ndjson', '--seed', '7'])).toMatchObject({
      kind: 'simulate',
      sensor: 'vl53l1x',
      profile: 'quiet',
      seed: 7,
      mountingHeightMm: 2500,
      minutes: 10,
      zones: 'two',
      startedAt: '2026-03-02T08:00:00.000Z',
    });
  });

  test.each([
    [['--out', 'x'], '--profile is missing'],
    [['--profile', 'easy'], '--out is missing'],
    [['--profile', 'parade', '--out', 'x'], '--profile: "parade" is none of easy, fast'],
    [
      ['--profile', 'easy', '--out', 'x', '--height', '25'],
      '--height: "25" is not a number from 2000 to 4000',
    ],
    [['--profile', 'easy', '--out', 'x', '--seed', '1.5'], '--seed: "1.5" is not a whole number'],
    [['--profile', 'easy', '--out', 'x', '--minutes', ''], '--minutes: "" is not a number'],
    [['--profile', 'easy', '--out', 'x', '--zones', 'five'], '--zones: "five" is none of two, three, four'],
    [
      ['--profile', 'easy', '--out', 'x', '--geometry', 'side'],
      '--geometry: a vl53l1x is simulated at the ceiling',
    ],
    [['--profile', 'easy', '--out', 'x', '--started-at', 'noon'], '--started-at: "noon" is not a time'],
    [['--sped', '3'], '--sped'],
  ])('%j are refused with the option named', (args, message) => {
    expect(() => parseSimulateCommand(args)).toThrow(message);
  });
});

describe('the command', () => {
  test('writes the same recording and truth for the same seed', async () => {
    const options = ['--profile', 'quiet', '--seed', '7', '--height', '2500', '--minutes', '1'];
    const [one, two] = [join(folder, 'one.ndjson'), join(folder, 'two.ndjson')];
    const first = await simulate(...options, '--out', one);
    await simulate(...options, '--out', two);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('one.truth.json');
    expect(readFileSync(one, 'utf8')).toBe(readFileSync(two, 'utf8'));
    expect(JSON.parse(readFileSync(join(folder, 'one.truth.json'), 'utf8')).crossings.length).toBeGreaterThan(
      0,
    );
  });

  test('names its profiles and its options', async () => {
    expect((await simulate('--list')).stdout).toContain('occupied-start');
    expect((await simulate('--help')).stdout).toContain('--status-rate');
  });

  test('ends with code 2 and one line when it cannot do what it is told', async () => {
    const wrong = await simulate('--profile', 'parade', '--out', join(folder, 'x'));
    expect(wrong.code).toBe(2);
    expect(wrong.stderr.trimEnd().split('\n')).toHaveLength(1);
    const nowhere = join(folder, 'none', 'x.ndjson');
    const unwritable = await simulate('--profile', 'easy', '--minutes', '1', '--out', nowhere);
    expect(unwritable.code).toBe(2);
    expect(unwritable.stderr).toContain(nowhere);
  });
});
