/** Two-sided 95 %: what lies below the lower bound has a chance of 2.5 %. */
const tail = 0.025;
const bisections = 60;

/** More passages than anybody will walk: beyond it a claim counts as out of reach. */
export const passagesMax = 20_000;

/**
 * The share that so many successes prove: the exact (Clopper–Pearson) lower 95 % bound. A report's
 * interval is Wilson's, which is right on average; a claim has to hold, and the exact bound never
 * promises more than 95 % of the time allows. 60 of 60 prove 94 %, and 98 % need 183.
 */
export function provenShare(successes: number, trials: number): number {
  if (successes === 0) return 0;
  let low = 0;
  let high = successes / trials;
  for (let round = 0; round < bisections; round++) {
    const share = (low + high) / 2;
    if (upperTail(successes, trials, share) < tail) low = share;
    else high = share;
  }
  return low;
}

/** How many more trials, all of them successes, prove `claim`; null where it takes more than anybody walks. */
export function trialsToProve(claim: number, successes: number, trials: number): number | null {
  const proves = (more: number) => upperTail(successes + more, trials + more, claim) <= tail;
  if (trials > 0 && proves(0)) return 0;
  if (!proves(passagesMax)) return null;
  let [least, most] = [0, passagesMax];
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2);
    if (proves(middle)) most = middle;
    else least = middle;
  }
  return most;
}

/** Probability of at least `successes` of `trials` where each succeeds with `share`. */
function upperTail(successes: number, trials: number, share: number): number {
  const failures = trials - successes;
  let sum = 0;
  // Summed over the failures, which are few: P(failures ≤ f), each term from the one before it.
  let logTerm = trials * Math.log(share);
  for (let f = 0; f <= failures; f++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log((trials - f) / (f + 1)) + Math.log1p(-share) - Math.log(share);
  }
  return sum;
}
