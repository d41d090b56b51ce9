import { constant, mul, reshape, resizeBilinear, sum, type Tensor } from '../../src/index.ts';
import { describeGradients, type GradientCase } from '../differentiation/gradient-check.ts';

/**
 * Resizing as two matrix products, over rows and over columns: each new pixel is the mean of the old ones under a
 * triangle around its centre, which is as wide as a pixel of the coarser image.
 */
function resizeByMatrices(x: Tensor, size: readonly [number, number], antialias: boolean): Tensor {
  const [batch = 0, height = 0, width = 0, depth = 0] = x.shape;
  const rows = reshape(triangles(x, { from: height, to: size[0], antialias }), [1, size[0], height, 1, 1]);
  const columns = reshape(triangles(x, { from: width, to: size[1], antialias }), [1, 1, size[1], width, 1]);
  const resizedRows = sum(mul(reshape(x, [batch, 1, height, width, depth]), rows), { axes: [2] });
  return sum(mul(reshape(resizedRows, [batch, size[0], 1, width, depth]), columns), { axes: [3] });
}

function triangles(x: Tensor, { from, to, antialias }: { from: number; to: number; antialias: boolean }): Tensor {
  const ratio = from / to;
  const radius = antialias ? Math.max(ratio, 1) : 1;
  const weights = Array.from({ length: to }, (_, target) => {
    const row = Array.from({ length: from }, (_, source) => {
      return Math.max(0, 1 - Math.abs(source + 0.5 - (target + 0.5) * ratio) / radius);
    });
    const total = row.reduce((partial, weight) => partial + weight);
    return row.map((weight) => weight / total);
  });
  return constant(x.graph, weights.flat(), { dtype: x.dtype, shape: [to, from] });
}

const cases = (
  [
    [12, 9],
    [3, 4],
    [5, 20],
  ] as const
).flatMap((size) =>
  [true, false].map((antialias): GradientCase => ({
    title: `resizeBilinear of 6x8 to ${size.join('x')}, ${antialias ? 'antialiased' : 'plain'}`,
    shapes: [[2, 6, 8, 3]],
    build: (x) => resizeBilinear(x, size, { antialias }),
    reference: (x) => resizeByMatrices(x, size, antialias),
  })),
);

describeGradients('the gradient of an operation of images', cases);
