/** Two-sided 95 %. */
const z = 1.959964;

/** Wilson's 95 % interval of a share; [0, 1] where nothing was tried. */
export function wilsonInterval(successes: number, trials: number): readonly [number, number] {
  if (trials === 0) return [0, 1];
  const share = successes / trials;
  const square = z * z;
  const middle = share + square / (2 * trials);
  const half = z * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials * trials));
  const scale = 1 + square / trials;
  // At both ends the formula gives exactly 0 and 1, and floating point nearly.
  const low = successes === 0 ? 0 : (middle - half) / scale;
  const high = successes === trials ? 1 : (middle + half) / scale;
  return [low, high];
}
