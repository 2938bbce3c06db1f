/**
 * The reading that is being counted, as numbers in one typed array. A number with a fraction that
 * is handed to a function costs an allocation wherever the call is not inlined; an array does not.
 */
export type CurrentReading = Float64Array;

/** Indexes into a `CurrentReading`. */
export const readingAt = 0;
export const readingDistance = 1;
/** Height above the floor, or reach into the passage; NaN while nobody knows the floor. */
export const readingHeight = 2;
export const readingSignal = 3;
export const readingAmbient = 4;
/** Logarithm of the echo's strength against the bare floor's, without the distance; 0 where unknown. */
export const readingStrength = 5;

export const newCurrentReading = (): CurrentReading => new Float64Array(6);
