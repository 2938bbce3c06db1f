import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { SiteProfile } from '../gateway/contract/site-profile.ts';
import { type ReplayResult, replayRecording } from './replay.ts';
import { replayTable } from './replay-table.ts';
import { parseSiteProfile } from './site-profile-file.ts';

const help = `Plays a recording through the code the agent runs, as fast as it can.

  npm run -s replay -- FILE [--json] [--profile site-profile.json] [--sensor NAME]

  --json            one JSON object instead of a table
  --profile FILE    the site profile to count with
  --sensor NAME     which sensor of the profile, where it has several of the recording's kind
  --help            this text

Exit codes: 0 done, 2 unusable arguments or file.
`;

/** The arguments, or why they cannot be used. */
interface Arguments {
  readonly file: string;
  readonly json: boolean;
  readonly profile: SiteProfile | null;
  readonly sensor: string | null;
}

function readArguments(parameters: readonly string[]): Arguments | 'help' {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
      sensor: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const [file, ...more] = positionals;
  if (file === undefined) throw new Error('no recording named; --help tells how');
  if (more.length > 0) throw new Error(`one recording at a time, not ${positionals.length}`);
  return {
    file,
    json: values.json,
    profile: values.profile === undefined ? null : readProfile(values.profile),
    sensor: values.sensor ?? null,
  };
}

function readProfile(file: string): SiteProfile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Error(`${file}: ${missing ? 'no such file' : (cause as Error).message}`, { cause });
  }
  const profile = parseSiteProfile(text);
  if (typeof profile === 'string') throw new Error(`${file}: ${profile}`);
  return profile;
}

async function replay(given: Arguments): Promise<ReplayResult> {
  return replayRecording({
    file: given.file,
    ...(given.profile === null ? {} : { profile: given.profile }),
    ...(given.sensor === null ? {} : { sensor: given.sensor }),
  });
}

/** Runs the command; returns the exit code. */
async function main(parameters: readonly string[]): Promise<number> {
  try {
    const given = readArguments(parameters);
    if (given === 'help') {
      process.stdout.write(help);
      return 0;
    }
    const result = await replay(given);
    process.stdout.write(given.json ? `${JSON.stringify(result)}\n` : replayTable(given.file, result));
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split('\n')[0]}\n`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
