/** An interval of a boot that ended before the time was known. */
export interface UnplacedInterval {
  readonly boot: number;
  readonly atMs: number;
  readonly durationMs: number;
}

/**
 * Where boots that never learned the time are put, in milliseconds to add to their intervals' times:
 * as late as the boot after them allows. When they were is known only to lie between their
 * neighbours; machines that lose power mostly have it back soon, so the later neighbour is the better
 * guess, and their order is kept. `nextBootMs` is when the present boot began. Pure.
 */
export function placeEarlierBoots(
  unplaced: readonly UnplacedInterval[],
  nextBootMs: number,
): ReadonlyMap<number, number> {
  const offsets = new Map<number, number>();
  let endMs = nextBootMs;
  const boots = Map.groupBy(unplaced, ({ boot }) => boot);
  // Numbers of boots ascend in the order in which they were first heard of.
  for (const boot of [...boots.keys()].sort((left, right) => right - left)) {
    const intervals = boots.get(boot)!;
    const lastMs = Math.max(...intervals.map(({ atMs, durationMs }) => atMs + durationMs));
    const firstMs = Math.min(...intervals.map(({ atMs }) => atMs));
    offsets.set(boot, endMs - lastMs);
    endMs += firstMs - lastMs;
  }
  return offsets;
}
