import type { PassageKind, PassageTap } from './passage-tap.ts';
import type { TapEvent } from './tap-book.ts';

/** Keys that say who passes: at once, for they carry the time. */
const passes: Readonly<Record<string, 'in' | 'out' | 'turned-back' | 'object'>> = {
  i: 'in',
  right: 'in',
  o: 'out',
  left: 'out',
  t: 'turned-back',
  x: 'object',
};

/** Keys that say afterwards who it was. */
const kinds: Readonly<Record<string, PassageKind>> = {
  a: 'adult',
  c: 'child',
  p: 'pram',
  w: 'wheelchair',
  '2': 'pair',
};

/** Turns the keys of a terminal into taps. Arrow keys arrive as three characters. */
export class TapKeys {
  #escape = '';
  #number = 0;

  /** What a key means at a time; `last` is the tap that kinds and undo are about. */
  press(key: string, atSeconds: number, last: PassageTap | null): TapEvent | 'finish' | null {
    const name = this.#named(key);
    if (name === null) return null;
    if (name === 'q') return 'finish';
    const id = `key-${this.#number++}`;
    const pass = passes[name];
    if (pass === 'in' || pass === 'out')
      return { type: 'tap', id, atSeconds, direction: pass, kind: 'adult' };
    if (pass !== undefined) return { type: 'tap', id, atSeconds, direction: null, kind: pass };
    if (last === null) return null;
    if (name === 'u') return { type: 'undo', id, of: last.id };
    const kind = kinds[name];
    return kind === undefined ? null : { type: 'kind', id, of: last.id, kind };
  }

  #named(key: string): string | null {
    if (key === '\u001b') {
      this.#escape = key;
      return null;
    }
    if (this.#escape !== '') {
      this.#escape += key;
      if (key === '[' || key === 'O') return null;
      const arrow = this.#escape.slice(2);
      this.#escape = '';
      return arrow === 'C' ? 'right' : arrow === 'D' ? 'left' : null;
    }
    return key.toLowerCase();
  }
}
