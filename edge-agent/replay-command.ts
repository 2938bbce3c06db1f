import { parseArgs } from 'node:util';
import { readSiteProfile } from './config/site-profile-file.ts';
import { type ReplayOptions, type ReplayResult, replayRecording, type WifiReplayOptions } from './replay.ts';
import { replayTable } from './replay-table.ts';

const help = `Plays a recording through the code the agent runs, as fast as it can.

  npm run -s replay -- FILE [--json] [--profile site-profile.json] [--sensor NAME]

  --json            one JSON object instead of a table
  --profile FILE    the site profile to count with
  --sensor NAME     which sensor of the profile, where it has several of the recording's kind
  --wifi-mode MODE  for a capture: rate (default) or hashing
  --window SECONDS  for a capture: 30 to 300, default 300
  --epsilon NUMBER  for mode hashing, default 2
  --seed NUMBER     makes the coins of mode hashing reproducible
  --help            this text

Exit codes: 0 done, 2 unusable arguments or file.
`;

/** The arguments; a replay's options with how to print. Throws an Error that says what is wrong. */
function readArguments(parameters: readonly string[]): (ReplayOptions & { json: boolean }) | 'help' {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
      sensor: { type: 'string' },
      'wifi-mode': { type: 'string' },
      window: { type: 'string' },
      epsilon: { type: 'string' },
      seed: { type: 'string' },
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
    wifi: readWifi(values),
    ...(values.profile === undefined ? {} : { profile: readSiteProfile(values.profile) }),
    ...(values.sensor === undefined ? {} : { sensor: values.sensor }),
  };
}

type Given = Readonly<Record<string, string | boolean | undefined>>;

function readWifi(values: Given): WifiReplayOptions {
  const mode = values['wifi-mode'];
  if (mode !== undefined && mode !== 'rate' && mode !== 'hashing') {
    throw new Error(`--wifi-mode is rate or hashing, not "${mode}"`);
  }
  const windowSeconds = numberOf(values, 'window', { from: 30, to: 300 });
  const epsilon = numberOf(values, 'epsilon', { from: 0.01, to: 4 });
  const seed = numberOf(values, 'seed', { from: 0, to: 2 ** 31 - 1 });
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(windowSeconds === undefined ? {} : { windowSeconds }),
    ...(epsilon === undefined ? {} : { epsilon }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function numberOf(values: Given, name: string, range: { from: number; to: number }): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value >= range.from && value <= range.to) return value;
  throw new Error(`--${name} is a number from ${range.from} to ${range.to}, not "${text}"`);
}

/** Runs the command; returns the exit code. */
async function main(parameters: readonly string[]): Promise<number> {
  try {
    const given = readArguments(parameters);
    if (given === 'help') {
      process.stdout.write(help);
      return 0;
    }
    const result: ReplayResult = await replayRecording(given);
    process.stdout.write(given.json ? `${JSON.stringify(result)}\n` : replayTable(given.file, result));
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split('\n')[0]}\n`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
