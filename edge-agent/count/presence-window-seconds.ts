declare const checked: unique symbol;

/** The length of a presence window: 30 to 300 seconds and nothing else. */
export type PresenceWindowSeconds = number & { readonly [checked]: true };

/** Longer windows would let a pattern of life show (privacy.md, section 3). */
const presenceWindowSecondsMax = 300;
/** Shorter windows hold too few radios to hide one among them. */
const presenceWindowSecondsMin = 30;

/** The only way to a window's length. Throws a RangeError outside 30 to 300 whole seconds. */
export function presenceWindowSeconds(seconds: number): PresenceWindowSeconds {
  if (
    !Number.isInteger(seconds) ||
    seconds < presenceWindowSecondsMin ||
    seconds > presenceWindowSecondsMax
  ) {
    throw new RangeError(
      `a presence window has ${presenceWindowSecondsMin} to ${presenceWindowSecondsMax} whole seconds, not ${seconds}`,
    );
  }
  return seconds as PresenceWindowSeconds;
}
