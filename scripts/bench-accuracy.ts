import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isWalkProfileName, walkProfileNames } from '../hardware/emulated/walks/walk-profiles.ts';
import { type AccuracyOptions, accuracyDefaults, run } from './bench/accuracy.ts';
import { type AccuracyProvenance, accuracyMarkdown, accuracyText } from './bench/accuracy-report.ts';
import type { CaseResult } from './bench/accuracy-run.ts';

/** `npm run bench:accuracy`: how well the engine counts simulated walks, beside the published machine. */

const usage = `usage: npm run bench:accuracy -- [options]

  --profiles A,B     (default: all; --list of npm run simulate names them)
  --heights MM,MM    (default ${accuracyDefaults.heightsMm})
  --seeds N,N        (default ${accuracyDefaults.seeds})
  --minutes N        length of each simulation (default ${accuracyDefaults.minutes})
  --interval N       minutes of an interval of the standard-error check (default ${accuracyDefaults.intervalMinutes})
  --rate N           readings a second, all zones together (default 40)
  --quick            one seed only
  --misses           every missed and every invented crossing, one a line, on stderr
  --json             rows as JSON on stdout
  --write            also writes docs/accuracy.md
  --help             this text`;

class UsageError extends Error {}

function numbersOf(name: string, text: string, range: { from: number; to: number }): number[] {
  return text.split(',').map((part) => {
    const value = Number(part);
    if (part.trim() === '' || !(value >= range.from && value <= range.to)) {
      throw new UsageError(`--${name}: "${part}" is not a number from ${range.from} to ${range.to}`);
    }
    return value;
  });
}

function parseOptions(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const names = { profiles: text, heights: text, seeds: text, minutes: text, interval: text, rate: text };
  const flags = { quick: flag, misses: flag, json: flag, write: flag, help: flag };
  const { values } = parseArgs({ args: [...args], options: { ...names, ...flags } });
  const profiles = values.profiles?.split(',') ?? walkProfileNames;
  const unknown = profiles.find((name) => !isWalkProfileName(name));
  if (unknown !== undefined) {
    throw new UsageError(`--profiles: "${unknown}" is none of ${walkProfileNames.join(', ')}`);
  }
  const seeds = values.quick ? '1' : accuracyDefaults.seeds.join(',');
  const minutes = numbersOf('minutes', values.minutes ?? String(accuracyDefaults.minutes), {
    from: 1,
    to: 240,
  })[0]!;
  const interval = values.interval ?? String(accuracyDefaults.intervalMinutes);
  const options = {
    profiles: profiles.filter(isWalkProfileName),
    heightsMm: numbersOf('heights', values.heights ?? accuracyDefaults.heightsMm.join(','), {
      from: 2000,
      to: 4000,
    }),
    seeds: numbersOf('seeds', values.seeds ?? seeds, { from: 0, to: 400_000 }),
    minutes,
    intervalMinutes: numbersOf('interval', interval, { from: 0.5, to: minutes })[0]!,
    ...(values.rate === undefined
      ? {}
      : { readingsPerSecond: numbersOf('rate', values.rate, { from: 4, to: 200 })[0]! }),
  };
  return { ...values, options };
}

function printMisses({ accuracyCase, ours }: CaseResult): void {
  const { profile, mountingHeightMm, seed, minutes } = accuracyCase;
  const where = `${profile} --height ${mountingHeightMm} --seed ${seed} --minutes ${minutes}`;
  for (const { atSeconds, direction } of ours.match.missed) {
    console.error(`${where}: missed ${direction} at ${atSeconds.toFixed(2)} s`);
  }
  for (const { atSeconds, direction, confidence } of ours.match.invented) {
    console.error(
      `${where}: invented ${direction} at ${atSeconds.toFixed(2)} s, confidence ${confidence.toFixed(2)}`,
    );
  }
}

function commitOf(): string {
  try {
    const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' }).trim();
    const changed = execFileSync('git', ['status', '--porcelain', '--', '*.ts'], { encoding: 'utf8' }).trim();
    return changed === '' ? commit : `${commit} with local changes`;
  } catch {
    return 'unknown';
  }
}

function provenanceOf(options: AccuracyOptions, engine: string): AccuracyProvenance {
  const { heightsMm, seeds, minutes, intervalMinutes } = { ...accuracyDefaults, ...options };
  const command = ['npm run bench:accuracy --', ...process.argv.slice(2)].join(' ');
  const date = new Date().toISOString().slice(0, 10);
  return { date, commit: commitOf(), command, engine, heightsMm, seeds, minutes, intervalMinutes };
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const parsed = parseOptions(args);
    if (parsed.help) {
      console.log(usage);
      return 0;
    }
    let engine = '';
    const onCase = (result: CaseResult) => {
      engine = result.ours.engine;
      if (parsed.misses) printMisses(result);
    };
    const rows = await run({ ...parsed.options, onCase });
    const provenance = provenanceOf(parsed.options, engine);
    console.log(parsed.json ? JSON.stringify({ ...provenance, rows }, null, 1) : accuracyText(rows));
    if (parsed.write) {
      await writeFile(new URL('../docs/accuracy.md', import.meta.url), accuracyMarkdown(rows, provenance));
    }
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof TypeError)) throw error;
    console.error(`bench:accuracy: ${error.message.split('\n')[0]}`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
