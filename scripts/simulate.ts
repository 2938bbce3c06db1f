import { parseArgs } from 'node:util';
import {
  isWalkProfileName,
  walkProfileNames,
  walkProfiles,
} from '../hardware/emulated/walks/walk-profiles.ts';
import { writeWalkRecording } from '../hardware/emulated/walks/walk-recording.ts';
import { simulateWalks, type WalkSimulationOptions } from '../hardware/emulated/walks/walk-simulation.ts';
import { type ZoneLayoutName, zoneLayoutNames } from '../hardware/emulated/walks/zone-layout.ts';

/** `npm run -s simulate -- …`: writes a recording of simulated walks and the truth beside it. */

const usage = `usage: npm run -s simulate -- --profile NAME --out FILE [options]

  --profile NAME      what comes through the passage (--list shows all)
  --out FILE          recording to write (NDJSON); the truth goes to <name>.truth.json
  --seed N            whole number; the same seed gives the same file (default 1)
  --height MM         floor to sensor, 2000 to 4000 (default 2500)
  --minutes N         length, up to 240 (default 10)
  --rate N            readings a second, all zones together, 4 to 200 (default 40)
  --zones NAME        two, three or four (default two)
  --noise N           scales the noise of distances, 0 to 20 (default 1)
  --status-rate N     share of readings with a bad status, 0 to 1 (default 0.008)
  --started-at TIME   UTC time of the first reading (default 2026-03-02T08:00:00Z)
  --list              names the profiles
  --help              this text`;

class UsageError extends Error {}

interface Command {
  readonly options: WalkSimulationOptions;
  readonly file: string;
  readonly startedAt: string;
}

function numberOf(
  name: string,
  text: string | undefined,
  range: { from: number; to: number; byDefault: number },
): number {
  if (text === undefined) return range.byDefault;
  const value = Number(text);
  if (text.trim() === '' || !(value >= range.from && value <= range.to)) {
    throw new UsageError(`--${name}: "${text}" is not a number from ${range.from} to ${range.to}`);
  }
  return value;
}

function parseCommand(args: readonly string[]): Command | 'help' | 'list' {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      profile: text,
      out: text,
      seed: text,
      height: text,
      minutes: text,
      rate: text,
      zones: text,
      noise: text,
      'status-rate': text,
      'started-at': text,
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return 'help';
  if (values.list) return 'list';
  if (values.profile === undefined) throw new UsageError('--profile is missing; --list shows the names');
  if (!isWalkProfileName(values.profile)) {
    throw new UsageError(`--profile: "${values.profile}" is none of ${walkProfileNames.join(', ')}`);
  }
  if (values.out === undefined) throw new UsageError('--out is missing');
  const zones = (values.zones ?? 'two') as ZoneLayoutName;
  if (!zoneLayoutNames.includes(zones)) {
    throw new UsageError(`--zones: "${values.zones}" is none of ${zoneLayoutNames.join(', ')}`);
  }
  const seed = numberOf('seed', values.seed, { from: 0, to: 4294967295, byDefault: 1 });
  if (!Number.isInteger(seed)) throw new UsageError(`--seed: "${values.seed}" is not a whole number`);
  const startedAt = values['started-at'] ?? '2026-03-02T08:00:00Z';
  if (Number.isNaN(Date.parse(startedAt))) throw new UsageError(`--started-at: "${startedAt}" is not a time`);
  const options: WalkSimulationOptions = {
    profile: values.profile,
    seed,
    zones,
    mountingHeightMm: numberOf('height', values.height, { from: 2000, to: 4000, byDefault: 2500 }),
    minutes: numberOf('minutes', values.minutes, { from: 0.1, to: 240, byDefault: 10 }),
    readingsPerSecond: numberOf('rate', values.rate, { from: 4, to: 200, byDefault: 40 }),
    noise: numberOf('noise', values.noise, { from: 0, to: 20, byDefault: 1 }),
    statusRate: numberOf('status-rate', values['status-rate'], { from: 0, to: 1, byDefault: 0.008 }),
  };
  return { options, file: values.out, startedAt: new Date(startedAt).toISOString() };
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const command = parseCommand(args);
    if (command === 'help') {
      console.log(usage);
      return 0;
    }
    if (command === 'list') {
      for (const name of walkProfileNames) console.log(`${name.padEnd(16)}${walkProfiles[name].description}`);
      return 0;
    }
    const simulation = simulateWalks(command.options);
    const truthFile = await writeWalkRecording(simulation, command);
    const { crossings } = simulation.truth;
    const inwards = crossings.filter(({ direction }) => direction === 'in').length;
    console.log(
      `${command.file}: ${simulation.readings.length} readings; ${truthFile}: ${inwards} in, ${crossings.length - inwards} out`,
    );
    return 0;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`simulate: ${reason.split('\n')[0]}`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
