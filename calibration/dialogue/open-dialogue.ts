import type { CommandContext } from '../command.ts';
import { ClackDialogue } from './clack-dialogue.ts';
import type { Dialogue } from './dialogue.ts';
import { SilentDialogue } from './silent-dialogue.ts';

export interface DialogueWish {
  readonly json: boolean;
  readonly consents: boolean;
  readonly words: { readonly yes: string; readonly no: string; readonly missing: (option: string) => string };
}

/**
 * The dialogue that fits: with `--json` nothing is said, with `--yes` or without a terminal on both
 * ends nothing is asked.
 */
export function openDialogue(context: CommandContext, { json, consents, words }: DialogueWish): Dialogue {
  const { stdin, stdout, signal, interrupt } = context;
  if (json || stdin.isTTY !== true || stdout.isTTY !== true) {
    return new SilentDialogue({ output: json ? null : stdout, consents, missing: words.missing });
  }
  return new ClackDialogue({ input: stdin, output: stdout, signal, interrupt, consents, words });
}
