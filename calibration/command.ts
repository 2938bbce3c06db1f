import type { Readable, Writable } from 'node:stream';

export type Language = 'de' | 'en';

/** What a command is given: the rest of the command line and the terminal. */
export interface CommandContext {
  readonly args: readonly string[];
  readonly language: Language;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/**
 * One verb of the technician's program. `run` returns the exit code: 0 done, 1 refused for a reason
 * it has printed, 2 unusable arguments or file.
 */
export interface Command {
  readonly summary: Readonly<Record<Language, string>>;
  run(context: CommandContext): Promise<number>;
}

/** Unusable arguments: printed as one line, exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** German where the environment is German, English otherwise; `--lang` overrides both. */
export function languageOf(args: readonly string[], environment: NodeJS.ProcessEnv): Language {
  const at = args.indexOf('--lang');
  const asked = at >= 0 ? args[at + 1] : undefined;
  if (asked === 'de' || asked === 'en') return asked;
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return locale.toLowerCase().startsWith('de') ? 'de' : 'en';
}
