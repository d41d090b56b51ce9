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
 * Sets the entries of a column of L in four rows from `row` on. Four sums side by side: each addition to a single one would
 * wait for the one before.
 */
function eliminateFour(matrix: Float64Array, size: number, row: number, column: number): void {
  const pivot = column * size;
  const first = row * size;
  const second = first + size;
  const third = second + size;
  const fourth = third + size;
  let sumOfFirst = 0;
  let sumOfSecond = 0;
  let sumOfThird = 0;
  let sumOfFourth = 0;
  for (let index = 0; index < column; index++) {
    sumOfFirst += product(matrix, pivot + index, first + index);
    sumOfSecond += product(matrix, pivot + index, second + index);
    sumOfThird += product(matrix, pivot + index, third + index);
    sumOfFourth += product(matrix, pivot + index, fourth + index);
  }
  settle(matrix, first + column, pivot + column, sumOfFirst);
  settle(matrix, second + column, pivot + column, sumOfSecond);
  settle(matrix, third + column, pivot + column, sumOfThird);
  settle(matrix, fourth + column, pivot + column, sumOfFourth);
}

function settle(matrix: Float64Array, entry: number, pivot: number, sum: number): void {
  matrix[entry] = ((matrix[entry] ?? 0) - sum) / (matrix[pivot] ?? 1);
}

function sumOfProducts(matrix: Float64Array, one: number, other: number, length: number): number {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += product(matrix, one + index, other + index);
  return sum;
}

/** Cholesky's factorisation of the lower triangle of `matrix`, in place, column by column. */
export function factorise(matrix: Float64Array, size: number): Factor {
  let logDeterminant = 0;
  for (let column = 0; column < size; column++) {
    const pivot = column * size;
    const diagonal = Math.sqrt((matrix[pivot + column] ?? 0) - sumOfProducts(matrix, pivot, pivot, column));
    matrix[pivot + column] = diagonal;
    logDeterminant += 2 * Math.log(diagonal);
    let row = column + 1;
    for (; row + 3 < size; row += 4) eliminateFour(matrix, size, row, column);
    for (; row < size; row++) {
      settle(matrix, row * size + column, pivot + column, sumOfProducts(matrix, pivot, row * size, column));
    }
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
