/**
 * From trial results to the leaderboard and the winner, with the uncertainty of both. Pure: no clock, no chance.
 * The API imports it. It imports contracts.
 */
export { type CandidateFit, fitAdditively } from './additive-fit.ts';
export {
  assess,
  type AssessedCandidate,
  type Assessment,
  type AssessmentOptions,
  defaultIndifference,
  type Leader,
  type ResidualVariance,
} from './assess.ts';
export { normalCdf } from './normal-distribution.ts';
export { type MeasuredCandidate } from './observations.ts';
export { paretoFront, type Tradeoff } from './pareto-front.ts';
export { type Estimation, type Interval } from './posterior.ts';
export { expectVariances } from './precision-draws.ts';
export { agreeRankings, type RankedRows, rankWithTies } from './rank-agreement.ts';
export {
  type Difference,
  type ExpectedAccuracy,
  rankCandidates,
  type RankedCandidate,
  type Ranking,
  type RankingRequest,
  rankScores,
} from './ranking.ts';
export { type CandidateScores, estimate, type RankingCandidate, type RankingTrial } from './scores.ts';
export { chooseWinner, type Winner } from './winner.ts';
