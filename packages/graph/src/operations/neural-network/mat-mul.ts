import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { GraphError } from '../../graph/graph-error.ts';
import { checkSameType } from '../../graph/operand.ts';
import type { Operation, Tensor } from '../../graph/operation.ts';
import { checkRank, formatShape, sizeAt } from '../../graph/shape.ts';
import { checkFloating } from '../elementwise/elementwise.ts';

/** Which operands of a matrix product are transposed first. */
export interface MatMulOptions {
  /** @defaultValue false */
  readonly transposeA?: boolean;
  /** @defaultValue false */
  readonly transposeB?: boolean;
}

/** The product of two matrices, `[rows, inner]` times `[inner, columns]` after transposing as asked. */
export function matMul(a: Tensor, b: Tensor, options: MatMulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = options;
  checkFloating('MatMul', a);
  checkSameType('MatMul', a, b);
  checkRank('MatMul', 'a', a.shape, 2);
  checkRank('MatMul', 'b', b.shape, 2);
  const inner = sizeAt('MatMul', a.shape, transposeA ? 0 : 1);
  if (inner !== sizeAt('MatMul', b.shape, transposeB ? 1 : 0)) {
    const shapes = `${describe(a, transposeA)} and ${describe(b, transposeB)}`;
    throw new GraphError('MatMul', `inner sizes must be equal; the matrices are ${shapes}`);
  }
  const shape = [sizeAt('MatMul', a.shape, transposeA ? 1 : 0), sizeAt('MatMul', b.shape, transposeB ? 0 : 1)];
  return a.graph.addTensor({
    type: 'MatMul',
    inputs: [a, b],
    attributes: { T: { type: a.dtype }, transpose_a: { bool: transposeA }, transpose_b: { bool: transposeB } },
    outputs: [{ dtype: a.dtype, shape }],
  });
}

/** da = dy b', db = a' dy, with the flags chosen so that nothing is transposed in memory. */
export const matMulGradient: GradientRule = (step) => {
  const [a, b, dy] = [step.input(0), step.input(1), step.gradient];
  const transposeA = flag(step.operation, 'transpose_a');
  const transposeB = flag(step.operation, 'transpose_b');
  return [
    () =>
      transposeA
        ? matMul(b, dy, { transposeA: transposeB, transposeB: true })
        : matMul(dy, b, { transposeB: !transposeB }),
    () =>
      transposeB
        ? matMul(dy, a, { transposeA: true, transposeB: transposeA })
        : matMul(a, dy, { transposeA: !transposeA }),
  ];
};

function flag(operation: Operation, name: string): boolean {
  const attribute = operation.attributes[name];
  return attribute !== undefined && 'bool' in attribute && attribute.bool;
}

function describe(matrix: Tensor, transposed: boolean): string {
  return `${formatShape(matrix.shape)}${transposed ? ' transposed' : ''}`;
}
