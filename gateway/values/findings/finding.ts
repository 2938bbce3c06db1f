import type { Finding } from '../../contract/measures.ts';
import type { Span } from '../local-time.ts';
import type { Uncertain } from '../uncertain.ts';
import type { Words } from './finding-words.ts';

/** Something that numbers say, before it is answered. */
export interface FoundWords {
  readonly rule: Finding['rule'];
  readonly span: Span;
  /** The number in the sentence, where it is one. */
  readonly change: Uncertain | null;
  readonly text: Words;
  readonly threshold: Words;
}
