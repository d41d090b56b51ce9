import type { GradientRule } from './gradient-rule.ts';
import { absGradient } from './operations/abs.ts';
import { addGradient } from './operations/add.ts';
import { addNGradient } from './operations/add-n.ts';
import { avgPoolGradient } from './operations/avg-pool.ts';
import { biasAddGradient } from './operations/bias-add.ts';
import { broadcastToGradient } from './operations/broadcast-to.ts';
import { castGradient } from './operations/cast.ts';
import { concatGradient } from './operations/concat.ts';
import { conv2dGradient } from './operations/conv2d.ts';
import { cosGradient } from './operations/cos.ts';
import { depthwiseConv2dGradient } from './operations/depthwise-conv2d.ts';
import { divGradient } from './operations/div.ts';
import { expGradient } from './operations/exp.ts';
import { floorModGradient } from './operations/floor-mod.ts';
import { fusedBatchNormGradient } from './operations/fused-batch-norm.ts';
import { gatherGradient } from './operations/gather.ts';
import { hardSwishGradient } from './operations/hard-swish.ts';
import { identityGradient } from './operations/identity.ts';
import { l2LossGradient } from './operations/l2-loss.ts';
import { logGradient } from './operations/log.ts';
import { logSoftmaxGradient } from './operations/log-softmax.ts';
import { matMulGradient } from './operations/mat-mul.ts';
import { maxGradient } from './operations/max.ts';
import { maxPoolGradient } from './operations/max-pool.ts';
import { maximumGradient } from './operations/maximum.ts';
import { meanGradient } from './operations/mean.ts';
import { minGradient } from './operations/min.ts';
import { minimumGradient } from './operations/minimum.ts';
import { mulGradient } from './operations/mul.ts';
import { negGradient } from './operations/neg.ts';
import { packGradient } from './operations/pack.ts';
import { padGradient } from './operations/pad.ts';
import { powGradient } from './operations/pow.ts';
import { reluGradient } from './operations/relu.ts';
import { relu6Gradient } from './operations/relu6.ts';
import { reshapeGradient } from './operations/reshape.ts';
import { reverseGradient } from './operations/reverse.ts';
import { rsqrtGradient } from './operations/rsqrt.ts';
import { scaleAndTranslateGradient } from './operations/scale-and-translate.ts';
import { selectGradient } from './operations/select.ts';
import { sigmoidGradient } from './operations/sigmoid.ts';
import { sinGradient } from './operations/sin.ts';
import { sliceGradient } from './operations/slice.ts';
import { softmaxGradient } from './operations/softmax.ts';
import { softmaxCrossEntropyGradient } from './operations/softmax-cross-entropy.ts';
import { sqrtGradient } from './operations/sqrt.ts';
import { squareGradient } from './operations/square.ts';
import { stridedSliceGradient } from './operations/strided-slice.ts';
import { subGradient } from './operations/sub.ts';
import { sumGradient } from './operations/sum.ts';
import { swishGradient } from './operations/swish.ts';
import { tanhGradient } from './operations/tanh.ts';
import { transposeGradient } from './operations/transpose.ts';

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
