/** Budgets by the decoded timeout A, in macro periods; points of ST's table, straight lines between. */
const budgetPoints = {
  long: [
    [31, 0.02],
    [97, 0.033],
    [174, 0.05],
    [409, 0.1],
    [869, 0.2],
    [2289, 0.5],
  ],
  short: [
    [30, 0.015],
    [82, 0.02],
    [215, 0.033],
    [349, 0.05],
    [901, 0.1],
    [1801, 0.2],
    [4641, 0.5],
  ],
} as const;

function interpolate(points: ReadonlyArray<readonly [number, number]>, at: number): number {
  const after = points.findIndex(([x]) => x >= at);
  if (after === 0) return points[0]![1];
  if (after === -1) return points[points.length - 1]![1];
  const [x0, y0] = points[after - 1]!;
  const [x1, y1] = points[after]!;
  return y0 + ((at - x0) / (x1 - x0)) * (y1 - y0);
}

/** How long a range takes, from the timeout registers 0x5E and 0x5F. */
export function budgetSeconds(mode: 'long' | 'short', timeoutHigh: number, timeoutLow: number): number {
  // Timeouts are stored as mantissa and exponent: low byte × 2^high byte + 1 (ST API, timeout encoding).
  return interpolate(budgetPoints[mode], timeoutLow * 2 ** timeoutHigh + 1);
}
