/** How a line is meant. */
export type Tone = 'title' | 'info' | 'good' | 'warning' | 'bad' | 'plain';

/** What every question carries besides its words. */
interface Question<Answer> {
  readonly message: string;
  /** Answers the question on the command line, for example `--height`: named where nobody can be asked. */
  readonly option: string;
  /** The answer that the command line gave already: then nobody is asked. */
  readonly given?: Answer | undefined;
}

export interface TextQuestion extends Question<string> {
  /** Taken where nobody can be asked, and proposed to whoever is. */
  readonly initial?: string | undefined;
  /** Shown as dots, and never repeated. */
  readonly secret?: boolean;
  /** What is wrong with an answer, in words; undefined where nothing is. */
  readonly fault?: (answer: string) => string | undefined;
}

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

export interface ChoiceQuestion<Value extends string> extends Question<Value> {
  readonly choices: readonly Choice<Value>[];
  readonly initial?: Value | undefined;
}

/** Part of the screen that is drawn again and again. Ends with `close`, which may be called twice. */
export interface LivePicture {
  /** Replaces what is shown. */
  show(text: string): void;
  /** A sound for somebody on a ladder. */
  beep(): void;
  /** Keys as they are pressed, until the picture is closed; none where there is no keyboard. */
  keys(): AsyncIterable<string>;
  close(): void;
}

/**
 * The conversation with the technician. With `--yes`, `--json` or without a terminal nobody is asked:
 * a question then takes what the command line gave, or its `initial`, and throws `UsageError` naming
 * the option where there is neither. Questions reject with `Interrupted` on Ctrl-C.
 */
export interface Dialogue {
  /** Whether somebody sits there: keys may be read and pictures shown. */
  readonly interactive: boolean;
  /** Whether that somebody is asked, and waited for: not with `--yes`. */
  readonly asks: boolean;
  say(tone: Tone, text: string): void;
  /** Permission to go on: `--yes` gives it, and so does somebody at the terminal; else false. */
  confirm(message: string): Promise<boolean>;
  text(question: TextQuestion): Promise<string>;
  choose<Value extends string>(question: ChoiceQuestion<Value>): Promise<Value>;
  live(): LivePicture;
}

/** The technician broke off. What was in force before is in force. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'Interrupted';
  }
}
