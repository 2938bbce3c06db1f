import { parseArgs } from 'node:util';
import { ConfigError, type GatewayConfig, readGatewayConfig } from '../config.ts';
import { ImportError } from '../ingest/imports/csv-records.ts';
import { PullError } from '../ingest/imports/pull-hystreet.ts';
import { openStore } from '../open-store.ts';
import { StoreError } from '../store/count-store.ts';
import type { GatewayStore } from '../store/gateway-store.ts';
import { CalendarError } from '../values/school-calendar.ts';
import { deviceAdd, keyCreate, keyList, keyRevoke, userCreate } from './access-commands.ts';
import { backupCommand, restoreCommand, verifyCommand } from './backup-commands.ts';
import {
  deviceList,
  deviceRetire,
  deviceSwap,
  enrolCodeCreate,
  enrolCodeList,
  enrolCodeRevoke,
} from './enrolment-commands.ts';
import {
  importHystreet,
  importReceiptsFile,
  importSchoolHolidays,
  importSeriesFile,
  importWeatherFile,
} from './import-commands.ts';
import { writePapers } from './paper-commands.ts';
import { peerGroupList, peerGroupSet } from './peer-group-commands.ts';

export interface CommandStreams {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: { write(text: string): unknown };
  /** The process's own unless a test listens. */
  readonly stderr?: { write(text: string): unknown };
}

/** What a command works with; prints lines for people. */
export interface CommandContext {
  readonly config: GatewayConfig;
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, string | string[] | boolean | undefined>>;
  readonly stdin: CommandStreams['stdin'];
  readonly print: (line: string) => void;
}

type WithStore = (context: CommandContext & { readonly store: GatewayStore }) => Promise<void>;
type WithFiles = (context: CommandContext) => Promise<void>;

/** Every command by its words; the second column needs the store open. */
const onStore: Readonly<Record<string, WithStore>> = {
  'key create': keyCreate,
  'key list': keyList,
  'key revoke': keyRevoke,
  'user create': userCreate,
  'enrol-code create': enrolCodeCreate,
  'enrol-code list': enrolCodeList,
  'enrol-code revoke': enrolCodeRevoke,
  'device add': deviceAdd,
  'device list': deviceList,
  'device retire': deviceRetire,
  'device swap-direction': deviceSwap,
  papers: writePapers,
  'peer-group set': peerGroupSet,
  'peer-group list': peerGroupList,
  'import series': importSeriesFile,
  'import hystreet': importHystreet,
  'import weather': importWeatherFile,
  'import receipts': importReceiptsFile,
  'import school-holidays': importSchoolHolidays,
};
const onFiles: Readonly<Record<string, WithFiles>> = {
  backup: backupCommand,
  restore: restoreCommand,
  verify: verifyCommand,
};

/** Unusable arguments or files; as everywhere in Passant. */
const exitUnusable = 2;

/** A command that was called wrongly; one line. */
export class CommandError extends Error {}

/** The arguments where they name a command, or null where they start the gateway. */
export function commandOf(argv: readonly string[]): readonly string[] | null {
  return argv[0] === undefined || argv[0].startsWith('-') ? null : argv;
}

/** Runs a command and returns the exit code; a fault is one line on stdout's neighbour, stderr. */
export async function runCommand(argv: readonly string[], streams: CommandStreams): Promise<number> {
  try {
    await run(argv, streams);
    return 0;
  } catch (cause) {
    if (!isFault(cause)) throw cause;
    (streams.stderr ?? process.stderr).write(`${(cause as Error).message}\n`);
    return exitUnusable;
  }
}

function isFault(cause: unknown): boolean {
  const kinds = [CommandError, ConfigError, ImportError, PullError, CalendarError, StoreError];
  const code = (cause as { code?: unknown }).code;
  return kinds.some((kind) => cause instanceof kind) || code === 'ENOENT' || code === 'EACCES';
}

async function run(argv: readonly string[], { stdin, stdout }: CommandStreams): Promise<void> {
  const { words, flags } = parsed(argv);
  const name = [words.slice(0, 2).join(' '), words[0]!].find((key) => key in onStore || key in onFiles);
  if (name === undefined) throw new CommandError(`"${words.join(' ')}" is no command; see --help`);
  const context: CommandContext = {
    config: configOf(flags),
    words: words.slice(name.split(' ').length),
    flags,
    stdin,
    print: (line) => void stdout.write(`${line}\n`),
  };
  const withFiles = onFiles[name];
  if (withFiles) return withFiles(context);
  const store = await openStore(context.config);
  try {
    await onStore[name]!({ ...context, store });
  } finally {
    await store.close();
  }
}

function parsed(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    config: text,
    data: text,
    partner: text,
    audience: text,
    days: text,
    role: text,
    format: text,
    url: text,
    'token-file': text,
    since: text,
    line: text,
    device: text,
    hours: text,
    language: text,
    out: text,
    sensor: text,
    from: text,
    tls: { type: 'boolean' },
    site: { type: 'string', multiple: true },
    organisation: { type: 'string', multiple: true },
    town: { type: 'string', multiple: true },
  } as const;
  try {
    const { positionals, values } = parseArgs({ args: [...argv], options, allowPositionals: true });
    return { words: positionals, flags: values };
  } catch (cause) {
    throw new CommandError((cause as Error).message.split('. ')[0]!);
  }
}

function configOf(flags: { config?: string; data?: string; tls?: boolean }): GatewayConfig {
  const argv = [
    ...(flags.tls ? ['--tls'] : []),
    ...(flags.config === undefined ? [] : ['--config', flags.config]),
    ...(flags.data === undefined ? [] : ['--data', flags.data]),
  ];
  return readGatewayConfig(argv) as GatewayConfig;
}
