import type { LivePicture } from '../dialogue/dialogue.ts';

const ends: ReadonlySet<string> = new Set(['\r', '\n', 'q']);
/** Somebody who is called away leaves the picture standing: after an hour it ends by itself. */
const forgottenSeconds = 3600;

/** Aborts when Enter is pressed, or after `seconds` where that is not 0. */
export function untilEnter(live: LivePicture, seconds: number): AbortSignal {
  const pressed = new AbortController();
  void (async () => {
    for await (const key of live.keys()) {
      if (ends.has(key)) pressed.abort();
    }
  })();
  const limit = AbortSignal.timeout((seconds === 0 ? forgottenSeconds : seconds) * 1000);
  return AbortSignal.any([pressed.signal, limit]);
}
