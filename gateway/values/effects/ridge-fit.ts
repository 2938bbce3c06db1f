/**
 * Weighted least squares with a penalty on every coefficient but the first (Hoerl and Kennard,
 * Technometrics 12, 1970), by the normal equations and Cholesky's decomposition. Some twenty columns:
 * the penalty keeps the equations solvable where a feature never varied.
 */
export interface RidgeRows {
  /** Row by row; the first feature is the constant. */
  readonly features: readonly Float64Array[];
  readonly targets: readonly number[];
  readonly weights: readonly number[];
}

/** The coefficients; `penalty` is the variance of the noise over the variance one expects of a coefficient. */
export function ridgeFit({ features, targets, weights }: RidgeRows, penalty: number): Float64Array {
  const width = features[0]?.length ?? 1;
  const matrix = new Float64Array(width * width);
  const right = new Float64Array(width);
  for (let row = 0; row < features.length; row += 1) {
    const feature = features[row]!;
    for (let i = 0; i < width; i += 1) {
      const weighted = weights[row]! * feature[i]!;
      if (weighted === 0) continue;
      right[i]! += weighted * targets[row]!;
      for (let j = 0; j <= i; j += 1) matrix[i * width + j]! += weighted * feature[j]!;
    }
  }
  for (let i = 1; i < width; i += 1) matrix[i * width + i]! += penalty;
  // A constant of which no row knows anything is 0.
  matrix[0]! += 1e-9;
  return solved(decomposed(matrix, width), right);
}

export function predicted(coefficients: Float64Array, features: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < features.length; at += 1) sum += coefficients[at]! * features[at]!;
  return sum;
}

/** The lower triangle L of A = L Lᵀ, in place. */
function decomposed(matrix: Float64Array, width: number): Float64Array {
  for (let i = 0; i < width; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * width + j]!;
      for (let k = 0; k < j; k += 1) sum -= matrix[i * width + k]! * matrix[j * width + k]!;
      matrix[i * width + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / matrix[j * width + j]!;
    }
  }
  return matrix;
}

function solved(lower: Float64Array, right: Float64Array): Float64Array {
  const width = right.length;
  const solution = Float64Array.from(right);
  for (let i = 0; i < width; i += 1) {
    for (let k = 0; k < i; k += 1) solution[i]! -= lower[i * width + k]! * solution[k]!;
    solution[i]! /= lower[i * width + i]!;
  }
  for (let i = width - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < width; k += 1) solution[i]! -= lower[k * width + i]! * solution[k]!;
    solution[i]! /= lower[i * width + i]!;
  }
  return solution;
}
