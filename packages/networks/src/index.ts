/**
 * Networks as data: baselines, their scaling by multipliers, the layers they consist of, and what these cost. Pure.
 * grid, training and the apps api and cli may import it; it imports contracts and scaling.
 */
export { baselines, findBaseline } from './baselines/baselines.ts';
export { scaleBaseline, type ScaledArchitecture, type ScalingNote, type ScalingOptions } from './build/architecture.ts';
export {
  candidateArchitecture,
  type CandidateRequest,
  candidateScaling,
  type CandidateSetting,
} from './build/candidate.ts';
export { fingerprint } from './build/fingerprint.ts';
export { buildNetwork } from './build/network.ts';
export {
  type CostWarning,
  type NamedLayerCost,
  type NetworkCost,
  networkCost,
  type NetworkSummary,
  type NetworkTotals,
  summarizeNetwork,
} from './cost/cost.ts';
export {
  countsAtResolution,
  type CountsByRepeats,
  type CountsOfChannels,
  countsOfChannels,
  countsWithRepeats,
  type NetworkCounts,
} from './cost/counts-by-repeats.ts';
export { inferenceMemory, type TrainingMemory, trainingMemory, type TrainingSetup } from './cost/memory.ts';
export { describeScaled } from './cost/scaled-network.ts';
export { type NetworkDescription, networkDescriptionSchema } from './description/description.ts';
export { parseNetworkDescription } from './description/parse-description.ts';
export {
  type ActivationFunction,
  activationFunctions,
  type FeatureShape,
  type Layer,
  type LayerOperation,
  type Network,
  networkInput,
} from './layers/layer.ts';
export { type LayerCost, operationCost } from './layers/operation.ts';
export { elements, samePadding } from './layers/operation-shape.ts';
export {
  answerFamilyRequest,
  answerNetworkRequest,
  architectureOfRequest,
  listPublishedNetworks,
} from './report/answers.ts';
export { effectivePhiOf, type NetworkReport, reportNetwork, scalePublished } from './report/report.ts';
export { networkUse } from './use/network-use.ts';
