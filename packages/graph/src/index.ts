/**
 * A builder for TensorFlow graphs in TypeScript: typed operations with static shapes, reverse-mode differentiation and a
 * SavedModel writer. It holds no native code and knows nothing of networks or training.
 * packages/training imports it; it imports no other package.
 */
export { type Attribute, type Attributes } from './attribute.ts';
export { type DType } from './dtype.ts';
export { gradients } from './gradients.ts';
export { Graph } from './graph.ts';
export { GraphError } from './graph-error.ts';
export { type Operand } from './operand.ts';
export { Operation, type OperationDefinition, type Tensor } from './operation.ts';
export { abs } from './operations/abs.ts';
export { add } from './operations/add.ts';
export { addN } from './operations/add-n.ts';
export { argMax } from './operations/arg-max.ts';
export { avgPool } from './operations/avg-pool.ts';
export { biasAdd } from './operations/bias-add.ts';
export { broadcastTo } from './operations/broadcast-to.ts';
export { cast } from './operations/cast.ts';
export { concat } from './operations/concat.ts';
export { constant, type ConstantOptions } from './operations/constant.ts';
export { conv2d, type ConvolutionOptions } from './operations/conv2d.ts';
export { cos } from './operations/cos.ts';
export { depthwiseConv2d } from './operations/depthwise-conv2d.ts';
export { div } from './operations/div.ts';
export { equal } from './operations/equal.ts';
export { exp } from './operations/exp.ts';
export { floor } from './operations/floor.ts';
export { floorDiv } from './operations/floor-div.ts';
export { floorMod } from './operations/floor-mod.ts';
export {
  type BatchNormOutputs,
  type BatchNormParameters,
  fusedBatchNormInference,
  fusedBatchNormTraining,
} from './operations/fused-batch-norm.ts';
export { gather } from './operations/gather.ts';
export { greater } from './operations/greater.ts';
export { greaterEqual } from './operations/greater-equal.ts';
export { hardSwish } from './operations/hard-swish.ts';
export { identity } from './operations/identity.ts';
export { l2Loss } from './operations/l2-loss.ts';
export { less } from './operations/less.ts';
export { lessEqual } from './operations/less-equal.ts';
export { log } from './operations/log.ts';
export { logSoftmax } from './operations/log-softmax.ts';
export { logicalAnd } from './operations/logical-and.ts';
export { logicalNot } from './operations/logical-not.ts';
export { logicalOr } from './operations/logical-or.ts';
export { matMul, type MatMulOptions } from './operations/mat-mul.ts';
export { max } from './operations/max.ts';
export { maxPool } from './operations/max-pool.ts';
export { maximum } from './operations/maximum.ts';
export { mean } from './operations/mean.ts';
export { minimum } from './operations/minimum.ts';
export { mul } from './operations/mul.ts';
export { neg } from './operations/neg.ts';
export { noOp } from './operations/no-op.ts';
export { notEqual } from './operations/not-equal.ts';
export { oneHot, type OneHotOptions } from './operations/one-hot.ts';
export { pack } from './operations/pack.ts';
export { pad } from './operations/pad.ts';
export { placeholder } from './operations/placeholder.ts';
export { pow } from './operations/pow.ts';
export { range } from './operations/range.ts';
export { relu } from './operations/relu.ts';
export { relu6 } from './operations/relu6.ts';
export { reshape } from './operations/reshape.ts';
export { type AdamOptions, resourceApplyAdam } from './operations/resource-apply-adam.ts';
export { resourceApplyGradientDescent } from './operations/resource-apply-gradient-descent.ts';
export { resourceApplyKerasMomentum } from './operations/resource-apply-keras-momentum.ts';
export { type MomentumOptions, resourceApplyMomentum } from './operations/resource-apply-momentum.ts';
export { resourceApplyRmsProp, type RmsPropOptions } from './operations/resource-apply-rms-prop.ts';
export { resourceGather } from './operations/resource-gather.ts';
export { restore } from './operations/restore.ts';
export { reverse } from './operations/reverse.ts';
export { rsqrt } from './operations/rsqrt.ts';
export { save } from './operations/save.ts';
export { resizeBilinear, scaleAndTranslate, type ScaleAndTranslateOptions } from './operations/scale-and-translate.ts';
export { select } from './operations/select.ts';
export { sigmoid } from './operations/sigmoid.ts';
export { sign } from './operations/sign.ts';
export { sin } from './operations/sin.ts';
export { slice } from './operations/slice.ts';
export { softmax } from './operations/softmax.ts';
export { softmaxCrossEntropyWithLogits } from './operations/softmax-cross-entropy.ts';
export { sqrt } from './operations/sqrt.ts';
export { square } from './operations/square.ts';
export { type RandomIntegersOptions, statelessRandomIntegers } from './operations/stateless-random-integers.ts';
export { statelessRandomNormal } from './operations/stateless-random-normal.ts';
export { statelessRandomTruncatedNormal } from './operations/stateless-random-truncated-normal.ts';
export { statelessRandomUniform } from './operations/stateless-random-uniform.ts';
export { stopGradient } from './operations/stop-gradient.ts';
export { stridedSlice, type StridedSliceOptions } from './operations/strided-slice.ts';
export { sub } from './operations/sub.ts';
export { sum } from './operations/sum.ts';
export { swish } from './operations/swish.ts';
export { tanh } from './operations/tanh.ts';
export { transpose } from './operations/transpose.ts';
export { type PoolingOptions } from './pooling.ts';
export { type ReductionOptions } from './reduction.ts';
export { encodeSavedModel, type SavedModelOptions, type Signature } from './saved-model/encode.ts';
export { writeSavedModel } from './saved-model/write.ts';
export { type Shape, sizeOf } from './shape.ts';
export { type RandomOptions } from './stateless-random.ts';
export { type ElementSource } from './tensor-value.ts';
export { Variable, type VariableOptions } from './variable.ts';
export { type Padding, type Pair } from './window.ts';
