import type { CoefficientRanges, Coefficients, Objective } from '@compound-search/contracts';

import {
  formatCoefficient,
  formatDifference,
  formatEstimate,
  formatExpected,
  formatLoss,
  formatLossEstimate,
  formatPercent,
  formatRatio,
} from '../formatting/numbers.ts';

/** The answer in a few lines, with how sure it is. */
export function renderCoefficients(coefficients: Coefficients): string {
  const { alpha, beta, gamma, product, network, validationAccuracy, expectedAccuracy, testAccuracy } = coefficients;
  return [
    `alpha ${formatCoefficient(alpha)}, beta ${formatCoefficient(beta)}, gamma ${formatCoefficient(gamma)}` +
      ` (product ${formatRatio(product, 3)}, exact MACs ${formatRatio(network.macsRatio)} times the baseline's)`,
    `validation accuracy ${formatEstimate(validationAccuracy)} over ${seeds(validationAccuracy.seeds)}` +
      (expectedAccuracy === null ? '' : `, expected over all seeds: ${formatExpected(expectedAccuracy)}`),
    ...lossLines(coefficients),
    testAccuracy === null
      ? 'test accuracy not measured'
      : `test accuracy ${formatEstimate(testAccuracy)} over ${seeds(testAccuracy.seeds)}`,
    sureness(coefficients),
    ...originLines(coefficients),
  ].join('\n');
}

/** What the candidates were ranked by, where that is the loss. */
function lossLines({ validationLoss, expectedLoss }: Coefficients): string[] {
  if (validationLoss === null) return [];
  const [low = 0, high = 0] = expectedLoss?.interval ?? [];
  const expected =
    expectedLoss === null
      ? ''
      : `, expected over all seeds: ${formatLoss(expectedLoss.mean)} (95 %: ${formatLoss(low)} to ${formatLoss(high)})`;
  return [`ranked by the validation loss: ${formatLossEstimate(validationLoss)} nats${expected}`];
}

/** Where the results come from that were not trained for this search. */
function originLines({ takenOverTrials, importedTrials }: Coefficients): string[] {
  return [
    ...(takenOverTrials === 0
      ? []
      : [`${trials(takenOverTrials)} had been trained by earlier searches, to the same bits.`]),
    ...(importedTrials === 0
      ? []
      : [`${trials(importedTrials)} had been trained elsewhere; the results were imported.`]),
  ];
}

function seeds(count: number): string {
  return `${count} seed${count === 1 ? '' : 's'}`;
}

function trials(count: number): string {
  return `${count} trial${count === 1 ? '' : 's'}`;
}

/** How far the coefficients reach that are as good as is known. */
function formatRanges(ranges: CoefficientRanges | null): string {
  if (ranges === null) return '';
  const axes = (['alpha', 'beta', 'gamma'] as const).map((axis) => {
    const ends = [...new Set(ranges[axis].map(formatCoefficient))];
    return `${axis} ${ends.join(' to ')}`;
  });
  return `: ${axes.join(', ')}`;
}

/** How sure it is that the winner is the best of several candidates. */
function choiceSentences(
  {
    probabilityBest,
    probabilityIndifferent,
    indifference,
    tiedCandidates,
    tiedCoefficients,
    rankedCandidates,
  }: Coefficients['confidence'],
  objective: Objective,
): string[] {
  if (probabilityBest === null) return ['The trials tell nothing about the spread: run the search with more seeds.'];
  const others = rankedCandidates - 1;
  return [
    tiedCandidates === 0
      ? `Told from ${others === 1 ? 'the other candidate' : `all ${others} other candidates`} with a probability of 95 %.`
      : `${tiedCandidates} of ${others} other candidates cannot be told from it with a probability of 95 %` +
        `${formatRanges(tiedCoefficients)}.`,
    `Probability of being the best: ${formatPercent(probabilityBest, 0)}` +
      (probabilityIndifferent === null || indifference === null
        ? '.'
        : `, of being within ${formatDifference(indifference, objective)} of the best: ${formatPercent(probabilityIndifferent, 0)}.`),
  ];
}

/** A few sentences on how far the answer can be trusted. */
export function sureness({
  confidence,
  engines,
  objective,
}: Pick<Coefficients, 'confidence' | 'engines' | 'objective'>): string {
  const { rankedCandidates, failedTrials, missingTrials } = confidence;
  const sentences = [
    ...(rankedCandidates < 2 ? ['The only candidate with a result.'] : choiceSentences(confidence, objective)),
    ...(failedTrials === 0 ? [] : [`${trials(failedTrials)} failed.`]),
    ...(engines.length < 2
      ? []
      : [`Its search ran on ${engines.length} engines, whose results may differ in the last bits.`]),
    ...(missingTrials === 0 ? [] : [`Incomplete: ${trials(missingTrials)} lost or cancelled.`]),
  ];
  return sentences.join(' ');
}
