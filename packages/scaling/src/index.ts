/**
 * Pure arithmetic of compound scaling: coefficients and phi to multipliers, rounding policies, strategies, published
 * families, effective phi, the objective. networks, grid and the apps' api may import it; it imports contracts only.
 */
export {
  type Coefficients,
  type CostExponents,
  formulaCost,
  imageCostExponents,
  type Multipliers,
  multipliers,
  requirePositive,
  unscaled,
  videoCostExponents,
} from './multipliers.ts';
export { ceilProduct, roundHalfEven } from './numeric.ts';
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
  type RoundingPolicyName,
  roundingPolicyNames,
  scaleChannels,
  scaleHead,
  scaleRepeats,
  scaleSide,
  scaleStem,
} from './rounding-policy.ts';
