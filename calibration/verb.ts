import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { SiteProfileError } from '../edge-agent/config/site-profile-file.ts';
import { ConfigError } from '../edge-agent/config.ts';
import { SensorError } from '../hardware/sensor.ts';
import { type Command, type CommandContext, type Language, Refusal, UsageError } from './command.ts';
import { type Dialogue, Interrupted } from './dialogue/dialogue.ts';
import { openDialogue } from './dialogue/open-dialogue.ts';
import { type FrameMessages, frameMessages } from './messages/frame.ts';
import { openSite } from './site/open-site.ts';
import { sensorLost } from './site/sensor-feed.ts';

/** Options that every verb knows. */
const commonOptions = {
  config: { type: 'string' },
  profile: { type: 'string' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
  language: { type: 'string' },
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

/** The command line of a verb with these options, read. */
export type VerbValues<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options & typeof commonOptions }>
>['values'];

/** What a verb works with. */
export interface Job<Options extends ParseArgsOptionsConfig> {
  readonly values: VerbValues<Options>;
  readonly language: Language;
  readonly words: FrameMessages;
  readonly dialogue: Dialogue;
  readonly signal: AbortSignal;
}

/** How a verb ended: `result` is what `--json` prints; `code` 1 where the answer is no. */
export interface VerbOutcome {
  readonly code: 0 | 1;
  readonly result: Readonly<Record<string, unknown>>;
}

export interface Verb<Options extends ParseArgsOptionsConfig> {
  readonly summary: Readonly<Record<Language, string>>;
  /** What it does and its own options; the common ones are added. */
  readonly help: Readonly<Record<Language, string>>;
  readonly options: Options;
  /** Throws `Refusal`, `UsageError`, `Interrupted` and the errors of sensors and files. */
  run(job: Job<Options>): Promise<VerbOutcome>;
}

/**
 * A verb as a command: reads its command line, opens the dialogue, and turns every expected end into
 * one line and an exit code. With `--json` exactly one object is printed, refusals included.
 */
export function commandOf<const Options extends ParseArgsOptionsConfig>(verb: Verb<Options>): Command {
  return {
    summary: verb.summary,
    async run(context) {
      const words = frameMessages[context.language];
      const values = valuesOf(verb.options, context, words);
      if (values.help) {
        context.stdout.write(`${verb.help[context.language]}\n\n${words.commonOptions}\n`);
        return 0;
      }
      const flags = { json: values.json === true, consents: values.yes === true };
      const { language, signal } = context;
      const dialogue = openDialogue(context, { ...flags, words });
      try {
        const { code, result } = await verb.run({ values, language, words, dialogue, signal });
        if (flags.json) context.stdout.write(`${JSON.stringify(result)}\n`);
        return code;
      } catch (error) {
        return endOf(error, { context, words, values });
      }
    },
  };
}

function valuesOf<Options extends ParseArgsOptionsConfig>(
  options: Options,
  context: CommandContext,
  words: FrameMessages,
): VerbValues<Options> & { readonly help?: boolean; readonly json?: boolean; readonly yes?: boolean } {
  try {
    return parseArgs({ args: [...context.args], options: { ...options, ...commonOptions } }).values as never;
  } catch (error) {
    throw new UsageError(
      words.unknownOption((error as Error).message.split('\n')[0]!.replace(/\. To specify.*/, '')),
    );
  }
}

interface EndValues {
  readonly json?: boolean;
  readonly config?: string;
  readonly profile?: string;
}

/** Which profile is in force after a verb has broken off; nothing where there is no installation to tell of. */
function whatStays(values: EndValues, words: FrameMessages): string {
  try {
    const { profile } = openSite(values, words).inForce;
    return ` ${words.remainsInForce(profile?.revision ?? null)}`;
  } catch {
    return '';
  }
}

/** One line on stderr, and with `--json` one object, for every end that was to be expected. */
function endOf(
  error: unknown,
  { context, words, values }: { context: CommandContext; words: FrameMessages; values: EndValues },
): number {
  const tell = (code: number, printed: object, line: string) => {
    if (values.json) context.stdout.write(`${JSON.stringify(printed)}\n`);
    context.stderr.write(`${line}\n`);
    return code;
  };
  if (error instanceof Interrupted || context.signal.aborted) {
    return tell(1, { kind: 'interrupted' }, `${words.interrupted}${whatStays(values, words)}`);
  }
  if (error instanceof Refusal) {
    const { reason, details, message } = error;
    const stays = reason === sensorLost ? whatStays(values, words) : '';
    return tell(1, { kind: 'refused', reason, message, ...details }, `${message}${stays}`);
  }
  if (isUnusable(error)) return tell(2, { kind: 'unusable', message: error.message }, error.message);
  throw error;
}

/** Arguments, files and devices that cannot be used: told in one line, exit code 2. */
export function isUnusable(error: unknown): error is Error {
  return (
    error instanceof UsageError ||
    error instanceof ConfigError ||
    error instanceof SensorError ||
    error instanceof SiteProfileError
  );
}
