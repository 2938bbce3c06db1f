/**
 * What can be worked out from sums: unknowns, equations of the kind "these add up to that", solved
 * by elimination with whole-number fractions that stay exact (0/1 rows of disjoint or nested spans
 * keep entries small; a denominator that appears is checked for).
 */
export class LinearSystem {
  readonly #unknowns: number;
  /** Reduced rows by the column of their leading 1. */
  readonly #rows = new Map<number, { readonly row: Float64Array; value: number }>();

  constructor(unknowns: number) {
    this.#unknowns = unknowns;
  }

  /** How many equations were independent of each other. */
  get rank(): number {
    return this.#rows.size;
  }

  /** Adds an equation; false where it contradicts those that are there. */
  add(indices: readonly number[], value: number): boolean {
    const left = this.#reduced(indices, value);
    const lead = left.row.findIndex((entry) => entry !== 0);
    if (lead < 0) return left.value === 0;
    const by = left.row[lead]!;
    for (const [index, entry] of left.row.entries()) left.row[index] = entry / by;
    this.#rows.set(lead, { row: left.row, value: left.value / by });
    return true;
  }

  /** What the unknowns add up to; null where the equations do not tell. */
  solve(indices: readonly number[]): number | null {
    const left = this.#reduced(indices, 0);
    return left.row.every((entry) => entry === 0) ? 0 - left.value : null;
  }

  #reduced(indices: readonly number[], value: number): { row: Float64Array; value: number } {
    const row = new Float64Array(this.#unknowns);
    for (const index of indices) row[index]! += 1;
    let sum = value;
    for (let column = 0; column < this.#unknowns; column += 1) {
      const factor = row[column]!;
      const known = factor === 0 ? undefined : this.#rows.get(column);
      if (known === undefined) continue;
      for (let index = column; index < this.#unknowns; index += 1) row[index]! -= factor * known.row[index]!;
      sum -= factor * known.value;
    }
    if (!row.every(Number.isInteger)) throw new Error('an equation has left whole numbers');
    return { row, value: sum };
  }
}
