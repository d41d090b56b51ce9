import { broadcastToGradient } from '../operations/array/broadcast-to.ts';
import { concatGradient } from '../operations/array/concat.ts';
import { gatherGradient } from '../operations/array/gather.ts';
import { maxGradient } from '../operations/array/max.ts';
import { meanGradient } from '../operations/array/mean.ts';
import { minGradient } from '../operations/array/min.ts';
import { packGradient } from '../operations/array/pack.ts';
import { padGradient } from '../operations/array/pad.ts';
import { reshapeGradient } from '../operations/array/reshape.ts';
import { reverseGradient } from '../operations/array/reverse.ts';
import { sliceGradient } from '../operations/array/slice.ts';
import { stridedSliceGradient } from '../operations/array/strided-slice.ts';
import { sumGradient } from '../operations/array/sum.ts';
import { transposeGradient } from '../operations/array/transpose.ts';
import { absGradient } from '../operations/elementwise/abs.ts';
import { addGradient } from '../operations/elementwise/add.ts';
import { addNGradient } from '../operations/elementwise/add-n.ts';
import { castGradient } from '../operations/elementwise/cast.ts';
import { cosGradient } from '../operations/elementwise/cos.ts';
import { divGradient } from '../operations/elementwise/div.ts';
import { expGradient } from '../operations/elementwise/exp.ts';
import { floorModGradient } from '../operations/elementwise/floor-mod.ts';
import { hardSwishGradient } from '../operations/elementwise/hard-swish.ts';
import { identityGradient } from '../operations/elementwise/identity.ts';
import { logGradient } from '../operations/elementwise/log.ts';
import { maximumGradient } from '../operations/elementwise/maximum.ts';
import { minimumGradient } from '../operations/elementwise/minimum.ts';
import { mulGradient } from '../operations/elementwise/mul.ts';
import { negGradient } from '../operations/elementwise/neg.ts';
import { powGradient } from '../operations/elementwise/pow.ts';
import { reluGradient } from '../operations/elementwise/relu.ts';
import { relu6Gradient } from '../operations/elementwise/relu6.ts';
import { rsqrtGradient } from '../operations/elementwise/rsqrt.ts';
import { selectGradient } from '../operations/elementwise/select.ts';
import { sigmoidGradient } from '../operations/elementwise/sigmoid.ts';
import { sinGradient } from '../operations/elementwise/sin.ts';
import { sqrtGradient } from '../operations/elementwise/sqrt.ts';
import { squareGradient } from '../operations/elementwise/square.ts';
import { subGradient } from '../operations/elementwise/sub.ts';
import { swishGradient } from '../operations/elementwise/swish.ts';
import { tanhGradient } from '../operations/elementwise/tanh.ts';
import { scaleAndTranslateGradient } from '../operations/image/scale-and-translate.ts';
import { avgPoolGradient } from '../operations/neural-network/avg-pool.ts';
import { biasAddGradient } from '../operations/neural-network/bias-add.ts';
import { conv2dGradient } from '../operations/neural-network/conv2d.ts';
import { depthwiseConv2dGradient } from '../operations/neural-network/depthwise-conv2d.ts';
import { fusedBatchNormGradient } from '../operations/neural-network/fused-batch-norm.ts';
import { l2LossGradient } from '../operations/neural-network/l2-loss.ts';
import { logSoftmaxGradient } from '../operations/neural-network/log-softmax.ts';
import { matMulGradient } from '../operations/neural-network/mat-mul.ts';
import { maxPoolGradient } from '../operations/neural-network/max-pool.ts';
import { softmaxGradient } from '../operations/neural-network/softmax.ts';
import { softmaxCrossEntropyGradient } from '../operations/neural-network/softmax-cross-entropy.ts';
import type { GradientRule } from './gradient-rule.ts';

/** Every operation, or composite of operations, that gradients flow through, under TensorFlow's or the composite's name. */
export const gradientRules: Readonly<Record<string, GradientRule>> = {
  Abs: absGradient,
  AddN: addNGradient,
  AddV2: addGradient,
  AvgPool: avgPoolGradient,
  BiasAdd: biasAddGradient,
  BroadcastTo: broadcastToGradient,
  Cast: castGradient,
  ConcatV2: concatGradient,
  Conv2D: conv2dGradient,
  Cos: cosGradient,
  DepthwiseConv2dNative: depthwiseConv2dGradient,
  Exp: expGradient,
  FloorMod: floorModGradient,
  FusedBatchNormV3: fusedBatchNormGradient,
  GatherV2: gatherGradient,
  HardSwish: hardSwishGradient,
  Identity: identityGradient,
  L2Loss: l2LossGradient,
  Log: logGradient,
  LogSoftmax: logSoftmaxGradient,
  MatMul: matMulGradient,
  Max: maxGradient,
  MaxPool: maxPoolGradient,
  Maximum: maximumGradient,
  Mean: meanGradient,
  Min: minGradient,
  Minimum: minimumGradient,
  Mul: mulGradient,
  Neg: negGradient,
  Pack: packGradient,
  Pad: padGradient,
  Pow: powGradient,
  RealDiv: divGradient,
  Relu: reluGradient,
  Relu6: relu6Gradient,
  Reshape: reshapeGradient,
  ReverseV2: reverseGradient,
  Rsqrt: rsqrtGradient,
  ScaleAndTranslate: scaleAndTranslateGradient,
  SelectV2: selectGradient,
  Sigmoid: sigmoidGradient,
  Sin: sinGradient,
  Slice: sliceGradient,
  Softmax: softmaxGradient,
  SoftmaxCrossEntropyWithLogits: softmaxCrossEntropyGradient,
  Sqrt: sqrtGradient,
  Square: squareGradient,
  StridedSlice: stridedSliceGradient,
  Sub: subGradient,
  Sum: sumGradient,
  Swish: swishGradient,
  Tanh: tanhGradient,
  Transpose: transposeGradient,
};

/**
 * Operations that gradients stop at: their derivative is 0 wherever it exists, or they are there to stop it, or they
 * compute from nothing that is differentiated. Operations that give integers or truth values need not be listed.
 */
export const nonDifferentiable: ReadonlySet<string> = new Set([
  'Const',
  'Floor',
  'FloorDiv',
  'OneHot',
  'Placeholder',
  'ReadVariableOp',
  'ResourceGather',
  'RestoreV2',
  'Sign',
  'StatelessRandomNormal',
  'StatelessRandomUniform',
  'StatelessTruncatedNormal',
  'StopGradient',
]);
