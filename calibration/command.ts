import type { Readable, Writable } from 'node:stream';

export type Language = 'de' | 'en';

/** What a command is given: the rest of the command line and the terminal. */
export interface CommandContext {
  readonly args: readonly string[];
  readonly language: Language;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable;
  /** Aborts when the technician interrupts (Ctrl-C, a closed terminal); whoever waits gives up then. */
  readonly signal: AbortSignal;
  /** As pressing Ctrl-C: for those who read keys themselves. */
  readonly interrupt: () => void;
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

/** A verb that ends without its work done, for a reason that is told: exit code 1. `reason` is for programs. */
export class Refusal extends Error {
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>>;
  constructor(reason: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'Refusal';
    this.reason = reason;
    this.details = details;
  }
}

/** German where the environment is German, English otherwise; `--language` (or `--lang`) overrides both. */
export function languageOf(args: readonly string[], environment: NodeJS.ProcessEnv): Language {
  for (const option of ['--language', '--lang']) {
    const at = args.indexOf(option);
    const given = args.find((arg) => arg.startsWith(`${option}=`))?.slice(option.length + 1);
    const asked = given ?? (at >= 0 ? args[at + 1] : undefined);
    if (asked === undefined) continue;
    if (asked === 'de' || asked === 'en') return asked;
    throw new UsageError(`${option} ${asked}: must be de or en`);
  }
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return locale.toLowerCase().startsWith('de') ? 'de' : 'en';
}
