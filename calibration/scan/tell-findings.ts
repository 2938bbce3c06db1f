import type { Dialogue, Tone } from '../dialogue/dialogue.ts';
import type { Finding, FindingSentences } from './finding.ts';

const tones = { good: 'good', hint: 'info', bad: 'bad' } as const satisfies Record<string, Tone>;

/** Says each finding in a sentence, with the command that mends it below. */
export function tellFindings<Code extends string>(
  findings: readonly Finding<Code>[],
  sentences: FindingSentences<Code>,
  dialogue: Dialogue,
): void {
  for (const { code, state, details, mend } of findings) {
    const command = mend === undefined ? '' : `\n  → ${mend}`;
    dialogue.say(tones[state], `${sentences[code](details)}${command}`);
  }
}

/** As programs read it: the sentence goes along, for logs. */
export function printedFindings<Code extends string>(
  findings: readonly Finding<Code>[],
  sentences: FindingSentences<Code>,
): readonly object[] {
  return findings.map((one) => ({ ...one, text: sentences[one.code](one.details) }));
}
