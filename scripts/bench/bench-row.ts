/** One line of a bench's table. */
export interface BenchRow {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  /** The goal of the project, and whether it is met; null where there is none. */
  readonly goal: string | null;
  readonly met: boolean | null;
}

/** A row whose goal is not to be exceeded. */
export function atMost(what: string, measured: number, of: { unit: string; goal: number | null }): BenchRow {
  const { unit, goal } = of;
  const met = goal === null ? null : measured <= goal;
  return { what, measured: rounded(measured), unit, goal: goal === null ? null : `≤ ${goal}`, met };
}

/** A row without a goal. */
export function plain(what: string, measured: number, unit: string): BenchRow {
  return atMost(what, measured, { unit, goal: null });
}

function rounded(value: number): number {
  return Math.abs(value) >= 1_000 ? Math.round(value) : Math.round(value * 100) / 100;
}

const repeats = 40;

/** The median of what a piece of work takes, in milliseconds. */
export async function p50(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const begin = performance.now();
    await work();
    times.push(performance.now() - begin);
  }
  return times.sort((left, right) => left - right)[Math.floor(repeats / 2)]!;
}
