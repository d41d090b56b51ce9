import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { GraphError } from '../../graph/graph-error.ts';
import { checkType } from '../../graph/operand.ts';
import type { Operation, Tensor } from '../../graph/operation.ts';
import { formatShape, sameShape, shape4 } from '../../graph/shape.ts';
import { reshape } from '../array/reshape.ts';

const type = 'FusedBatchNormV3';
// What the kernel keeps for that of the gradient, and what the gradient's gives for the statistics, which are no real inputs.
// Their shapes are [] and [0], or the other way round, as TensorFlow's or oneDNN's kernels run; those of cuDNN keep more.
const reserveSpace = { dtype: 'float32', shape: [0], isReserveSpace: true } as const;

/** Scale, offset and statistics of a batch normalisation, all float32 `[channels]`. */
export interface BatchNormParameters {
  readonly scale: Tensor;
  readonly offset: Tensor;
  /** Mean to normalise with, or in training the moving mean. */
  readonly mean: Tensor;
  /** Variance to normalise with, or in training the moving variance. */
  readonly variance: Tensor;
  /** Added to the variance. @defaultValue 0.001 */
  readonly epsilon?: number;
  /** Whether TensorFlow's own kernel is to run also where oneDNN has one. The gradient's kernel stays. @defaultValue false */
  readonly withoutOneDnn?: boolean;
}

/** A normalised batch, and the statistics to store after a training step. */
export interface BatchNormOutputs {
  /** `[batch, height, width, channels]`, as the input. */
  readonly y: Tensor;
  /** The moving mean after this batch, `[channels]`. */
  readonly mean: Tensor;
  /** The moving variance after this batch, `[channels]`, with the batch's variance taken over n - 1. */
  readonly variance: Tensor;
}

/**
 * Normalises images `[batch, height, width, channels]` by the mean and variance of the batch itself.
 * The returned statistics are `(1 - factor) * given + factor * batch`; with a factor of 1, the batch's own.
 * @throws GraphError on shapes that do not fit, or a factor outside of (0, 1].
 */
export function fusedBatchNormTraining(
  x: Tensor,
  parameters: BatchNormParameters,
  options: { readonly exponentialAverageFactor: number },
): BatchNormOutputs {
  const factor = options.exponentialAverageFactor;
  if (!(factor > 0 && factor <= 1)) {
    throw new GraphError(type, `the exponential average factor must lie above 0 and at most at 1; it is ${factor}`);
  }
  const operation = build(x, parameters, factor);
  return { y: reshape(operation.output(0), x.shape), mean: operation.output(1), variance: operation.output(2) };
}

/** Normalises images `[batch, height, width, channels]` by the given mean and variance. */
export function fusedBatchNormInference(x: Tensor, parameters: BatchNormParameters): Tensor {
  return reshape(build(x, parameters, undefined).output(0), x.shape);
}

/** TensorFlow has the gradients with respect to input, scale and offset as one operation. */
export const fusedBatchNormGradient: GradientRule = (step) => {
  const forward = step.operation;
  const training = isTraining(forward);
  // The statistics that the forward pass normalised with: those it computed, or those it was given.
  const [mean, variance] = training ? [forward.output(3), forward.output(4)] : [forward.input(3), forward.input(4)];
  const kept = Object.entries(forward.attributes).filter(([name]) => name !== 'exponential_avg_factor');
  const attributes = { ...Object.fromEntries(kept), ...imagesFormat };
  let backward: Operation | undefined;
  const output = (index: number) => () => {
    const [x, scale] = [asImages(forward.input(0)), forward.input(1)];
    const vector = { dtype: scale.dtype, shape: scale.shape };
    backward ??= x.graph.add({
      type: 'FusedBatchNormGradV3',
      inputs: [asImages(step.gradient), x, scale, mean, variance, forward.output(5)],
      attributes,
      outputs: [{ dtype: x.dtype, shape: x.shape }, vector, vector, reserveSpace, reserveSpace],
    });
    return index === 0 ? reshape(backward.output(0), forward.input(0).shape) : backward.output(index);
  };
  return [output(0), output(1), output(2), undefined, undefined];
};

function build(images: Tensor, parameters: BatchNormParameters, factor: number | undefined): Operation {
  const { scale, offset, mean, variance, epsilon = 0.001, withoutOneDnn = false } = parameters;
  checkType(type, 'the input', images, ['float32', 'half', 'bfloat16']);
  const [, , , channels] = shape4(type, 'the input', images.shape);
  const x = withoutOneDnn ? asVolumes(images) : images;
  for (const [name, vector] of Object.entries({ scale, offset, mean, variance })) {
    checkType(type, name, vector, ['float32']);
    if (!sameShape(vector.shape, [channels])) {
      const shapes = `${formatShape(vector.shape)} for ${formatShape(images.shape)}`;
      throw new GraphError(type, `${name} must have one element per channel; its shape is ${shapes}`);
    }
  }
  const vector = { dtype: 'float32', shape: [channels] } as const;
  return x.graph.add({
    type,
    inputs: [x, scale, offset, mean, variance],
    attributes: {
      T: { type: x.dtype },
      U: { type: 'float32' },
      epsilon: { float: epsilon },
      exponential_avg_factor: { float: factor ?? 1 },
      ...(withoutOneDnn ? volumesFormat : imagesFormat),
      is_training: { bool: factor !== undefined },
    },
    outputs: [{ dtype: x.dtype, shape: x.shape }, vector, vector, vector, vector, reserveSpace],
  });
}

const imagesFormat = { data_format: { string: 'NHWC' } } as const;
const volumesFormat = { data_format: { string: 'NDHWC' } } as const;

/** Images as volumes of one layer, of which oneDNN takes no batch normalization over. */
function asVolumes(images: Tensor): Tensor {
  const [batch = 0, ...rest] = images.shape;
  return reshape(images, [batch, 1, ...rest]);
}

/** The images of {@link asVolumes}; images are left as they are. */
function asImages(x: Tensor): Tensor {
  const [batch = 0, , ...rest] = x.shape;
  return x.shape.length === 5 ? reshape(x, [batch, ...rest]) : x;
}

function isTraining(operation: Operation): boolean {
  const attribute = operation.attributes['is_training'];
  return attribute !== undefined && 'bool' in attribute && attribute.bool;
}
