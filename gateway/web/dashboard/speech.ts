import type { Formats } from './formats.ts';
import type { Texts } from './texts.ts';

/** What every part of the page is told: words and formats of the language. */
export interface Speech {
  readonly texts: Texts;
  readonly formats: Formats;
}
