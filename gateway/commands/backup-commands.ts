import { databaseFileOf } from '../open-store.ts';
import {
  backupDatabase,
  type DatabaseSummary,
  restoreDatabase,
  verifyDatabase,
} from '../store/sqlite/backup.ts';
import { type CommandContext, CommandError } from './run-command.ts';

/** `backup FILE`: while the gateway runs or not. */
export async function backupCommand(context: CommandContext): Promise<void> {
  const target = fileOf(context);
  const summary = await backupDatabase(databaseFileOf(context.config), target);
  context.print(`${target}: verified, ${described(summary)}`);
}

/** `restore FILE`: the gateway must be stopped. */
export async function restoreCommand(context: CommandContext): Promise<void> {
  const summary = restoreDatabase(fileOf(context), databaseFileOf(context.config));
  context.print(`restored and verified: ${described(summary)}; the store's new id is ${summary.store}`);
}

/** `verify FILE`. */
export async function verifyCommand(context: CommandContext): Promise<void> {
  const file = fileOf(context);
  context.print(`${file}: sound, ${described(verifyDatabase(file))}`);
}

function fileOf({ config, words }: CommandContext): string {
  if (config.database !== undefined)
    throw new CommandError('PostgreSQL is backed up by its own tools (pg_dump)');
  const [file, ...more] = words;
  if (file === undefined || more.length > 0) throw new CommandError('name one file');
  return file;
}

function described({ sensors, intervals, peopleIn, peopleOut }: DatabaseSummary): string {
  return `${sensors} sensors, ${intervals} intervals, ${peopleIn} in, ${peopleOut} out`;
}
