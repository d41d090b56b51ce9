/**
 * Networks as data: baselines, their scaling by multipliers, the layers they consist of, and what these cost. Pure.
 * grid, training and the apps api and cli may import it; it imports contracts and scaling.
 */
export { answerFamilyRequest, answerNetworkRequest, listPublishedNetworks } from './answers.ts';
export { scaleBaseline, type ScaledArchitecture, type ScalingNote, type ScalingOptions } from './architecture.ts';
export { baselines, findBaseline } from './baselines/baselines.ts';
export { candidateArchitecture, type CandidateRequest, candidateScaling, type CandidateSetting } from './candidate.ts';
export {
  type CostWarning,
  type NamedLayerCost,
  type NetworkCost,
  networkCost,
  type NetworkSummary,
  type NetworkTotals,
  summarizeNetwork,
} from './cost.ts';
export { type NetworkDescription, networkDescriptionSchema } from './description.ts';
export { fingerprint } from './fingerprint.ts';
export {
  type ActivationFunction,
  activationFunctions,
  type Layer,
  type LayerOperation,
  type Network,
  networkInput,
  type Shape,
} from './layer.ts';
export { inferenceMemory, type TrainingMemory, trainingMemory, type TrainingSetup } from './memory.ts';
export { buildNetwork } from './network.ts';
export { type LayerCost, operationCost } from './operation.ts';
export { elements, samePadding } from './operation-shape.ts';
export { parseNetworkDescription } from './parse-description.ts';
export {
  effectivePhiOf,
  type FamilyMember,
  type NetworkReport,
  reportFamily,
  reportNetwork,
  scalePublished,
} from './report.ts';
