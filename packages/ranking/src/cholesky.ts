/** A symmetric positive definite matrix as L * transpose(L), row by row, with L below and on the diagonal. */
export interface Factor {
  readonly size: number;
  readonly lower: Float64Array;
  /** Logarithm of the determinant of the matrix. */
  readonly logDeterminant: number;
}

function product(values: Float64Array, one: number, other: number): number {
  return (values[one] ?? 0) * (values[other] ?? 0);
}

/**
 * Product of two stretches of numbers of the same length. Four sums side by side, since each addition to a single one would
 * wait for the one before.
 */
function dot(values: Float64Array, one: number, other: number, length: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let index = 0;
  for (; index + 3 < length; index += 4) {
    first += product(values, one + index, other + index);
    second += product(values, one + index + 1, other + index + 1);
    third += product(values, one + index + 2, other + index + 2);
    fourth += product(values, one + index + 3, other + index + 3);
  }
  for (; index < length; index++) first += product(values, one + index, other + index);
  return first + second + (third + fourth);
}

/** Cholesky's factorisation of the lower triangle of `matrix`, in place. */
export function factorise(matrix: Float64Array, size: number): Factor {
  let logDeterminant = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const value = (matrix[row * size + column] ?? 0) - dot(matrix, row * size, column * size, column);
      const pivot = matrix[column * size + column] ?? 1;
      matrix[row * size + column] = row === column ? Math.sqrt(value) : value / pivot;
    }
    logDeterminant += 2 * Math.log(matrix[row * size + row] ?? 1);
  }
  return { size, lower: matrix, logDeterminant };
}

/** The inverse of L, column by column. */
export function invertLower({ size, lower }: Factor): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const start = column * size;
    inverse[start + column] = 1 / (lower[start + column] ?? 1);
    for (let row = column + 1; row < size; row++) {
      let sum = 0;
      for (let index = column; index < row; index++) {
        sum += (lower[row * size + index] ?? 0) * (inverse[start + index] ?? 0);
      }
      inverse[start + row] = -sum / (lower[row * size + row] ?? 1);
    }
  }
  return inverse;
}

/** The solution of L * x = `vector`. */
export function solveLower({ size, lower }: Factor, vector: ArrayLike<number>): Float64Array {
  const solution = Float64Array.from(vector);
  for (let row = 0; row < size; row++) {
    let value = solution[row] ?? 0;
    for (let index = 0; index < row; index++) value -= (lower[row * size + index] ?? 0) * (solution[index] ?? 0);
    solution[row] = value / (lower[row * size + row] ?? 1);
  }
  return solution;
}

/** The solution of transpose(L) * x = `vector`. */
export function solveUpper({ size, lower }: Factor, vector: ArrayLike<number>): Float64Array {
  const solution = Float64Array.from(vector);
  for (let row = size - 1; row >= 0; row--) {
    let value = solution[row] ?? 0;
    for (let index = row + 1; index < size; index++) value -= (lower[index * size + row] ?? 0) * (solution[index] ?? 0);
    solution[row] = value / (lower[row * size + row] ?? 1);
  }
  return solution;
}
