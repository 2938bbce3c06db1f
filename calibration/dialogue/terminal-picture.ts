import type { Readable, Writable } from 'node:stream';
import { createLogUpdate } from 'log-update';
import type { LivePicture } from './dialogue.ts';

/** What Ctrl-C sends while the terminal is raw. */
const controlC = '\u0003';
/** Keys waiting to be taken: a hand does not press faster, a cat may. */
const keysWaitingMax = 64;

export interface TerminalPictureOptions {
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };
  readonly output: Writable;
  readonly signal: AbortSignal;
  readonly interrupt: () => void;
}

/** A part of the terminal that is redrawn in place, and the keys pressed meanwhile. */
export class TerminalPicture implements LivePicture {
  readonly #options: TerminalPictureOptions;
  readonly #draw: ReturnType<typeof createLogUpdate>;
  readonly #waiting: string[] = [];
  readonly #hear = (bytes: Buffer | string) => this.#heard(String(bytes));
  #wake: (() => void) | null = null;
  #isClosed = false;

  constructor(options: TerminalPictureOptions) {
    this.#options = options;
    this.#draw = createLogUpdate(options.output as NodeJS.WriteStream);
    const { input } = options;
    input.setRawMode?.(true);
    input.on('data', this.#hear);
    input.resume();
    options.signal.addEventListener('abort', () => this.close(), { once: true });
    if (options.signal.aborted) this.close();
  }

  show(text: string): void {
    if (!this.#isClosed) this.#draw(text);
  }

  beep(): void {
    if (!this.#isClosed) this.#options.output.write('\u0007');
  }

  async *keys(): AsyncIterable<string> {
    while (!this.#isClosed || this.#waiting.length > 0) {
      const key = this.#waiting.shift();
      if (key !== undefined) yield key;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          if (this.#isClosed) resolve();
        });
      }
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#draw.clear();
    this.#draw.done();
    const { input } = this.#options;
    input.off('data', this.#hear);
    input.setRawMode?.(false);
    input.pause();
    this.#wake?.();
  }

  #heard(text: string): void {
    for (const key of text) {
      if (key === controlC) {
        this.#options.interrupt();
        return;
      }
      if (this.#waiting.length < keysWaitingMax) this.#waiting.push(key);
    }
    this.#wake?.();
  }
}
