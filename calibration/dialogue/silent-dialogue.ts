import type { Writable } from 'node:stream';
import { UsageError } from '../command.ts';
import type { ChoiceQuestion, Dialogue, LivePicture, TextQuestion, Tone } from './dialogue.ts';

export interface SilentDialogueOptions {
  /** Where lines go; null says nothing, as with `--json`. */
  readonly output: Writable | null;
  /** Whether `--yes` was given. */
  readonly consents: boolean;
  /** Says that an option is missing, in the technician's language. */
  readonly missing: (option: string) => string;
}

/** For scripts and pipes: says plain lines and asks nothing. */
export class SilentDialogue implements Dialogue {
  readonly interactive = false;
  readonly asks = false;
  readonly #options: SilentDialogueOptions;

  constructor(options: SilentDialogueOptions) {
    this.#options = options;
  }

  say(_tone: Tone, text: string): void {
    this.#options.output?.write(`${text}\n`);
  }

  async confirm(): Promise<boolean> {
    return this.#options.consents;
  }

  async text({ given, initial, option, fault }: TextQuestion): Promise<string> {
    const answer = given ?? initial;
    if (answer === undefined) throw new UsageError(this.#options.missing(option));
    const wrong = fault?.(answer);
    if (wrong !== undefined) throw new UsageError(`${option}: ${wrong}`);
    return answer;
  }

  async choose<Value extends string>(question: ChoiceQuestion<Value>): Promise<Value> {
    const answer = question.given ?? question.initial;
    if (answer === undefined) throw new UsageError(this.#options.missing(question.option));
    return chosen(question, answer);
  }

  live(): LivePicture {
    return { show: () => {}, beep: () => {}, keys: noKeys, close: () => {} };
  }
}

async function* noKeys(): AsyncIterable<string> {}

/** The answer, if it is among the choices. Throws `UsageError`. */
function chosen<Value extends string>(question: ChoiceQuestion<Value>, answer: Value): Value {
  if (question.choices.some(({ value }) => value === answer)) return answer;
  throw new UsageError(
    `${question.option} ${answer}: ${question.choices.map(({ value }) => value).join(', ')}`,
  );
}
