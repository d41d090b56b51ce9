/** A symmetric positive definite matrix as L * transpose(L), row by row, with L below and on the diagonal. */
export interface Factor {
  readonly size: number;
  readonly lower: Float64Array;
  /** Logarithm of the determinant of the matrix. */
  readonly logDeterminant: number;
}

/** Cholesky's factorisation of the lower triangle of `matrix`, in place. */
export function factorise(matrix: Float64Array, size: number): Factor {
  let logDeterminant = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let value = matrix[row * size + column] ?? 0;
      for (let index = 0; index < column; index++) {
        value -= (matrix[row * size + index] ?? 0) * (matrix[column * size + index] ?? 0);
      }
      const pivot = matrix[column * size + column] ?? 1;
      matrix[row * size + column] = row === column ? Math.sqrt(value) : value / pivot;
    }
    logDeterminant += 2 * Math.log(matrix[row * size + row] ?? 1);
  }
  return { size, lower: matrix, logDeterminant };
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
