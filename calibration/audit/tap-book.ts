import type { Direction } from '../../edge-agent/count/counter.ts';
import { type PassageKind, type PassageTap, passageKinds } from './passage-tap.ts';

/** More taps than anybody makes in a day; beyond it something taps by itself. */
export const tapsMax = 20_000;

/** What the observer does. `id` is unique for each event, so that one sent twice counts once. */
export type TapEvent =
  | {
      readonly type: 'tap';
      readonly id: string;
      readonly atSeconds: number;
      readonly direction: Direction | null;
      readonly kind: PassageKind;
    }
  /** The tap `of` was of another kind: direction first, when somebody passes, and the kind afterwards. */
  | { readonly type: 'kind'; readonly id: string; readonly of: string; readonly kind: PassageKind }
  | { readonly type: 'undo'; readonly id: string; readonly of: string };

/** The observer's taps in order of their times, from one or more keyboards and telephones. */
export class TapBook {
  readonly #taps = new Map<string, PassageTap>();
  readonly #seen = new Set<string>();
  readonly #undone = new Set<string>();
  /** Kinds that came before their tap: a telephone may deliver in any order after a gap. */
  readonly #waiting = new Map<string, PassageKind>();

  /** Takes an event; false where it was known already or the book is full. */
  take(event: TapEvent): boolean {
    if (this.#seen.has(event.id) || this.#seen.size >= tapsMax) return false;
    this.#seen.add(event.id);
    if (event.type === 'undo') {
      this.#undone.add(event.of);
      this.#taps.delete(event.of);
    } else if (event.type === 'kind') this.#changeKind(event.of, event.kind);
    else if (!this.#undone.has(event.id)) {
      const { id, atSeconds, direction, kind } = event;
      this.#taps.set(id, fitting({ id, atSeconds, direction, kind: this.#waiting.get(id) ?? kind }));
    }
    return true;
  }

  /** The tap with the latest time, or null. */
  get last(): PassageTap | null {
    return this.taps.at(-1) ?? null;
  }

  get taps(): PassageTap[] {
    return [...this.#taps.values()].sort((one, next) => one.atSeconds - next.atSeconds);
  }

  #changeKind(of: string, kind: PassageKind): void {
    const tap = this.#taps.get(of);
    if (tap === undefined) this.#waiting.set(of, kind);
    // Who passed has a direction: a passage that turns out to be none has to be undone and tapped anew.
    else if (passageKinds[kind].people > 0 && tap.direction === null) return;
    else this.#taps.set(of, fitting({ ...tap, kind }));
  }
}

/** What is no crossing has no direction. */
function fitting(tap: PassageTap): PassageTap {
  return passageKinds[tap.kind].people === 0 ? { ...tap, direction: null } : tap;
}
