import type { Readable, Writable } from 'node:stream';
import { confirm, intro, isCancel, log, password, select, text } from '@clack/prompts';
import type { ChoiceQuestion, Dialogue, LivePicture, TextQuestion, Tone } from './dialogue.ts';
import { Interrupted } from './dialogue.ts';
import { SilentDialogue } from './silent-dialogue.ts';
import { TerminalPicture } from './terminal-picture.ts';

export interface ClackDialogueOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
  readonly interrupt: () => void;
  readonly consents: boolean;
  readonly words: { readonly yes: string; readonly no: string; readonly missing: (option: string) => string };
}

/** How clack marks a line. */
const sayings = { info: log.step, good: log.success, warning: log.warn, bad: log.error } as const;

/** The dialogue in a terminal, drawn by @clack/prompts. */
export class ClackDialogue implements Dialogue {
  readonly interactive = true;
  readonly asks: boolean;
  readonly #options: ClackDialogueOptions;
  /** Answers by itself where `--yes` forbids to ask. */
  readonly #unasked: SilentDialogue;

  constructor(options: ClackDialogueOptions) {
    this.#options = options;
    this.asks = !options.consents;
    this.#unasked = new SilentDialogue({ output: null, consents: true, missing: options.words.missing });
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
    const { message, given, initial, fault } = question;
    if (given !== undefined || !this.asks) return this.#unasked.text(question);
    const validate = (answer: string | undefined) => fault?.(answer ?? '');
    if (question.secret) {
      return this.#answer(await password({ message, validate, ...this.#terminal() }));
    }
    const start = initial === undefined ? {} : { initialValue: initial };
    return this.#answer(await text({ message, validate, ...start, ...this.#terminal() }));
  }

  async choose<Value extends string>(question: ChoiceQuestion<Value>): Promise<Value> {
    if (question.given !== undefined || !this.asks) return this.#unasked.choose(question);
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
