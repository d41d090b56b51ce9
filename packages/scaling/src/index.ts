/**
 * Pure arithmetic of compound scaling: coefficients and phi to multipliers, rounding policies, strategies, published
 * families, effective phi, the objective. networks, grid and the api app may import it; it imports contracts only.
 */
export { type EffectivePhi, effectivePhi, type PhiBase, phiForCost, type ScaledMeasures } from './effective-phi.ts';
export {
  type CostExponents,
  formulaCost,
  imageCostExponents,
  multipliers,
  requirePositive,
  unscaled,
  videoCostExponents,
} from './multipliers.ts';
export { ceilProduct, floorProduct, roundHalfEven, roundHalfUp } from './numeric.ts';
export { objective, type ObjectiveTarget, paperObjectiveExponent } from './objective.ts';
export { findPublishedNetwork, type PublishedNetwork, publishedNetworks } from './published-families.ts';
export {
  type ChannelRounding,
  type HeadChannels,
  type HeadScaling,
  type RepeatRounding,
  type ResolutionRounding,
  type RoundingOverrides,
  roundingPolicies,
  type RoundingPolicy,
  roundingPolicy,
  scaleChannels,
  scaleHead,
  scaleRepeats,
  scaleSide,
  scaleStem,
} from './rounding-policy.ts';
export {
  activationGrowth,
  efficientnetCoefficients,
  type Shares,
  sharesOf,
  strategies,
  strategyMultipliers,
  widthFirstShares,
} from './strategies.ts';
export {
  type Multipliers,
  type RoundingPolicyName,
  roundingPolicyNames,
  type ScalingCoefficients,
  type StrategyName,
} from '@compound-search/contracts';
