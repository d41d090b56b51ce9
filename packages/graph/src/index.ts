/**
 * A builder for TensorFlow graphs in TypeScript: typed operations with static shapes, reverse-mode differentiation and a
 * SavedModel writer. It holds no native code and knows nothing of networks or training.
 * packages/training imports it; it imports no other package.
 */
export { gradients } from './differentiation/gradients.ts';
export { type Attribute, type Attributes } from './graph/attribute.ts';
export { type DType } from './graph/dtype.ts';
export { Graph } from './graph/graph.ts';
export { GraphError } from './graph/graph-error.ts';
export { type Operand } from './graph/operand.ts';
export { Operation, type OperationDefinition, type Tensor } from './graph/operation.ts';
export { type Shape, sizeOf, unknownSize } from './graph/shape.ts';
export { type ElementSource } from './graph/tensor-value.ts';
export { Variable, type VariableOptions } from './graph/variable.ts';
export { argMax } from './operations/array/arg-max.ts';
export { broadcastTo } from './operations/array/broadcast-to.ts';
export { concat } from './operations/array/concat.ts';
export { constant, type ConstantOptions } from './operations/array/constant.ts';
export { cumsum } from './operations/array/cumsum.ts';
export { denseBincount } from './operations/array/dense-bincount.ts';
export { gather } from './operations/array/gather.ts';
export { max } from './operations/array/max.ts';
export { mean } from './operations/array/mean.ts';
export { min } from './operations/array/min.ts';
export { oneHot, type OneHotOptions } from './operations/array/one-hot.ts';
export { pack } from './operations/array/pack.ts';
export { pad } from './operations/array/pad.ts';
export { placeholder } from './operations/array/placeholder.ts';
export { range } from './operations/array/range.ts';
export { type ReductionOptions } from './operations/array/reduction.ts';
export { reshape } from './operations/array/reshape.ts';
export { reverse } from './operations/array/reverse.ts';
export { slice } from './operations/array/slice.ts';
export { stridedSlice, type StridedSliceOptions } from './operations/array/strided-slice.ts';
export { sum } from './operations/array/sum.ts';
export { transpose } from './operations/array/transpose.ts';
export { abs } from './operations/elementwise/abs.ts';
export { add } from './operations/elementwise/add.ts';
export { addN } from './operations/elementwise/add-n.ts';
export { cast } from './operations/elementwise/cast.ts';
export { cos } from './operations/elementwise/cos.ts';
export { div } from './operations/elementwise/div.ts';
export { equal } from './operations/elementwise/equal.ts';
export { exp } from './operations/elementwise/exp.ts';
export { floor } from './operations/elementwise/floor.ts';
export { floorDiv } from './operations/elementwise/floor-div.ts';
export { floorMod } from './operations/elementwise/floor-mod.ts';
export { greater } from './operations/elementwise/greater.ts';
export { greaterEqual } from './operations/elementwise/greater-equal.ts';
export { hardSwish } from './operations/elementwise/hard-swish.ts';
export { identity } from './operations/elementwise/identity.ts';
export { less } from './operations/elementwise/less.ts';
export { lessEqual } from './operations/elementwise/less-equal.ts';
export { log } from './operations/elementwise/log.ts';
export { logicalAnd } from './operations/elementwise/logical-and.ts';
export { logicalNot } from './operations/elementwise/logical-not.ts';
export { logicalOr } from './operations/elementwise/logical-or.ts';
export { maximum } from './operations/elementwise/maximum.ts';
export { minimum } from './operations/elementwise/minimum.ts';
export { mul } from './operations/elementwise/mul.ts';
export { neg } from './operations/elementwise/neg.ts';
export { notEqual } from './operations/elementwise/not-equal.ts';
export { pow } from './operations/elementwise/pow.ts';
export { relu } from './operations/elementwise/relu.ts';
export { relu6 } from './operations/elementwise/relu6.ts';
export { rsqrt } from './operations/elementwise/rsqrt.ts';
export { select } from './operations/elementwise/select.ts';
export { sigmoid } from './operations/elementwise/sigmoid.ts';
export { sign } from './operations/elementwise/sign.ts';
export { sin } from './operations/elementwise/sin.ts';
export { sqrt } from './operations/elementwise/sqrt.ts';
export { square } from './operations/elementwise/square.ts';
export { stopGradient } from './operations/elementwise/stop-gradient.ts';
export { sub } from './operations/elementwise/sub.ts';
export { swish } from './operations/elementwise/swish.ts';
export { tanh } from './operations/elementwise/tanh.ts';
export { imageProjectiveTransform, type ImageTransformOptions } from './operations/image/image-projective-transform.ts';
export {
  resizeBilinear,
  scaleAndTranslate,
  type ScaleAndTranslateOptions,
} from './operations/image/scale-and-translate.ts';
export { avgPool } from './operations/neural-network/avg-pool.ts';
export { batchMatMul } from './operations/neural-network/batch-mat-mul.ts';
export { biasAdd } from './operations/neural-network/bias-add.ts';
export { conv2d, type ConvolutionOptions } from './operations/neural-network/conv2d.ts';
export { depthwiseConv2d } from './operations/neural-network/depthwise-conv2d.ts';
export {
  type BatchNormOutputs,
  type BatchNormParameters,
  fusedBatchNormInference,
  fusedBatchNormTraining,
} from './operations/neural-network/fused-batch-norm.ts';
export { l2Loss } from './operations/neural-network/l2-loss.ts';
export { logSoftmax } from './operations/neural-network/log-softmax.ts';
export { matMul, type MatMulOptions } from './operations/neural-network/mat-mul.ts';
export { maxPool } from './operations/neural-network/max-pool.ts';
export { type PoolingOptions } from './operations/neural-network/pooling.ts';
export { softmax } from './operations/neural-network/softmax.ts';
export { softmaxCrossEntropyWithLogits } from './operations/neural-network/softmax-cross-entropy.ts';
export { type Padding, type Pair } from './operations/neural-network/window.ts';
export { type AdamOptions, resourceApplyAdam } from './operations/optimizers/resource-apply-adam.ts';
export { resourceApplyGradientDescent } from './operations/optimizers/resource-apply-gradient-descent.ts';
export { resourceApplyKerasMomentum } from './operations/optimizers/resource-apply-keras-momentum.ts';
export { type MomentumOptions, resourceApplyMomentum } from './operations/optimizers/resource-apply-momentum.ts';
export { resourceApplyRmsProp, type RmsPropOptions } from './operations/optimizers/resource-apply-rms-prop.ts';
export { type RandomOptions } from './operations/random/stateless-random.ts';
export { statelessRandomGamma } from './operations/random/stateless-random-gamma.ts';
export { type RandomIntegersOptions, statelessRandomIntegers } from './operations/random/stateless-random-integers.ts';
export { statelessRandomNormal } from './operations/random/stateless-random-normal.ts';
export { statelessRandomTruncatedNormal } from './operations/random/stateless-random-truncated-normal.ts';
export { statelessRandomUniform } from './operations/random/stateless-random-uniform.ts';
export { noOp } from './operations/variables/no-op.ts';
export { resourceGather } from './operations/variables/resource-gather.ts';
export { restore } from './operations/variables/restore.ts';
export { save } from './operations/variables/save.ts';
export { encodeSavedModel, type SavedModelOptions, type Signature } from './saved-model/encode.ts';
export { writeSavedModel } from './saved-model/write.ts';
