/**
 * When an index of a line against a group would tell about a member. The group is the same for
 * everybody who asks, so that nobody can compare two groups; the one who asks knows their own lines
 * and can take them away, so only the others count as members.
 */

/** Fewer others and a guess about one of them is a good one. */
export const membersMin = 5;
/** A member with more of the others' people than this would be the group. */
export const shareMax = 0.4;

/** Why a group cannot be an index, or null. `others` are the people of each member that is not the caller's. */
export function groupFault(others: readonly number[]): 'too-few-members' | 'one-dominates' | null {
  if (others.length < membersMin) return 'too-few-members';
  const total = others.reduce((sum, people) => sum + people, 0);
  // Noise may make a sum negative: then nothing can be said about shares, and so nothing at all.
  if (total <= 0 || Math.max(...others) > shareMax * total) return 'one-dominates';
  return null;
}

/**
 * Whether answering one more group would let differences of groups tell about fewer than five
 * members, or about one line exactly. `known` are the lines of each owner, who can take them away.
 * The second part is the audit of sum queries of Chin and Ozsoyoglu (IEEE Transactions on Software
 * Engineering 8, 1982): a line is told when its unit vector lies in the span of what was answered.
 */
export function tellsByDifference(
  answered: readonly (readonly string[])[],
  asked: readonly string[],
  known: readonly (readonly string[])[],
): boolean {
  for (const group of answered) {
    const different = symmetricDifference(group, asked);
    if (different > 0 && different < membersMin) return true;
  }
  const groups = [...answered, asked];
  const lines = [...new Set([...groups.flat(), ...known.flat()])];
  return [[], ...known].some((own) => tellsOneLine(groups, { own, lines }));
}

function symmetricDifference(left: readonly string[], right: readonly string[]): number {
  const [one, other] = [new Set(left), new Set(right)];
  return left.filter((line) => !other.has(line)).length + right.filter((line) => !one.has(line)).length;
}

function tellsOneLine(
  groups: readonly (readonly string[])[],
  { own, lines }: { own: readonly string[]; lines: readonly string[] },
): boolean {
  const vector = (members: readonly string[]) => {
    const set = new Set(members);
    return lines.map((line) => (set.has(line) ? 1 : 0));
  };
  const basis = reduced([...groups.map(vector), ...own.map((line) => vector([line]))]);
  // In reduced form a unit vector lies in the span only where it is a row itself.
  return basis.some((row) => {
    const filled = row.flatMap((value, column) => (Math.abs(value) > 1e-9 ? [column] : []));
    return filled.length === 1 && !own.includes(lines[filled[0]!]!);
  });
}

/** Reduced row echelon form. */
function reduced(rows: number[][]): number[][] {
  const matrix = rows.map((row) => [...row]);
  let rank = 0;
  for (let column = 0; column < (matrix[0]?.length ?? 0) && rank < matrix.length; column += 1) {
    const pivot = matrix.findIndex((row, at) => at >= rank && Math.abs(row[column]!) > 1e-9);
    if (pivot < 0) continue;
    [matrix[rank], matrix[pivot]] = [matrix[pivot]!, matrix[rank]!];
    const head = matrix[rank]!;
    const divisor = head[column]!;
    for (let at = 0; at < head.length; at += 1) head[at]! /= divisor;
    for (const [at, row] of matrix.entries()) {
      const factor = row[column]!;
      if (at === rank || Math.abs(factor) < 1e-12) continue;
      for (let index = 0; index < row.length; index += 1) row[index]! -= factor * head[index]!;
    }
    rank += 1;
  }
  return matrix.slice(0, rank);
}
