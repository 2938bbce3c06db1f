import type { Readable, Writable } from 'node:stream';
import { confirm, intro, isCancel, log, password, select, text } from '@clack/prompts';
import { UsageError } from '../command.ts';
import type { ChoiceQuestion, Dialogue, LivePicture, TextQuestion, Tone } from './dialogue.ts';
import { Interrupted } from './dialogue.ts';
import { chosen } from './silent-dialogue.ts';
import { TerminalPicture } from './terminal-picture.ts';

export interface ClackDialogueOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
  readonly interrupt: () => void;
  readonly consents: boolean;
  readonly words: { readonly yes: string; readonly no: string };
}

/** How clack marks a line. */
const sayings = { info: log.step, good: log.success, warning: log.warn, bad: log.error } as const;

/** The dialogue in a terminal, drawn by @clack/prompts. */
export class ClackDialogue implements Dialogue {
  readonly interactive = true;
  readonly #options: ClackDialogueOptions;

  constructor(options: ClackDialogueOptions) {
    this.#options = options;
  }

  say(tone: Tone, line: string): void {
    const { output } = this.#options;
    if (tone === 'title') intro(line, { output });
    else if (tone === 'plain') log.message(line, { output, spacing: 0 });
    else sayings[tone](line, { output, spacing: 0 });
  }

  async confirm(message: string): Promise<boolean> {
    if (this.#options.consents) return true;
    const { yes, no } = this.#options.words;
    return this.#answer(
      await confirm({ message, active: yes, inactive: no, initialValue: true, ...this.#terminal() }),
    );
  }

  async text(question: TextQuestion): Promise<string> {
    const { message, given, option, initial, fault } = question;
    if (given !== undefined) {
      const wrong = fault?.(given);
      if (wrong !== undefined) throw new UsageError(`${option}: ${wrong}`);
      return given;
    }
    const validate = (answer: string | undefined) => fault?.(answer ?? '');
    if (question.secret) {
      return this.#answer(await password({ message, validate, ...this.#terminal() }));
    }
    const start = initial === undefined ? {} : { initialValue: initial };
    return this.#answer(await text({ message, validate, ...start, ...this.#terminal() }));
  }

  async choose<Value extends string>(question: ChoiceQuestion<Value>): Promise<Value> {
    if (question.given !== undefined) return chosen(question, question.given);
    const { message, initial } = question;
    const options = question.choices.map((choice) => ({ ...choice }));
    const start = initial === undefined ? {} : { initialValue: initial };
    const picked = await select<string>({ message, options, ...start, ...this.#terminal() });
    return this.#answer(picked) as Value;
  }

  live(): LivePicture {
    const { input, output, interrupt, signal } = this.#options;
    return new TerminalPicture({ input, output, interrupt, signal });
  }

  #terminal() {
    const { input, output, signal } = this.#options;
    return { input, output, signal };
  }

  #answer<Value>(value: Value): Exclude<Value, symbol> {
    if (isCancel(value)) throw new Interrupted();
    return value as Exclude<Value, symbol>;
  }
}
