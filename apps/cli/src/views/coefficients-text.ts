import type { Coefficients } from '@compound-search/contracts';

import { formatCoefficient, formatEstimate, formatPercent, formatRatio } from '../formatting/numbers.ts';

/** The answer in a few lines, with how sure it is. */
export function renderCoefficients(coefficients: Coefficients): string {
  const { alpha, beta, gamma, product, network, validationAccuracy, testAccuracy } = coefficients;
  return [
    `alpha ${formatCoefficient(alpha)}, beta ${formatCoefficient(beta)}, gamma ${formatCoefficient(gamma)}` +
      ` (product ${formatRatio(product, 3)}, exact MACs ${formatRatio(network.macsRatio)} times the baseline's)`,
    `validation accuracy ${formatEstimate(validationAccuracy)} over ${seeds(validationAccuracy.seeds)}`,
    testAccuracy === null
      ? 'test accuracy not measured'
      : `test accuracy ${formatEstimate(testAccuracy)} over ${seeds(testAccuracy.seeds)}`,
    sureness(coefficients),
    ...originLines(coefficients),
  ].join('\n');
}

/** Where the results come from that were not trained for this search. */
function originLines({ takenOverTrials }: Coefficients): string[] {
  if (takenOverTrials === 0) return [];
  return [`${trials(takenOverTrials)} had been trained by earlier searches, to the same bits.`];
}

function seeds(count: number): string {
  return `${count} seed${count === 1 ? '' : 's'}`;
}

function trials(count: number): string {
  return `${count} trial${count === 1 ? '' : 's'}`;
}

/** A few sentences on how far the answer can be trusted. */
export function sureness({
  confidence,
  validationAccuracy,
  engines,
}: Pick<Coefficients, 'confidence' | 'validationAccuracy' | 'engines'>): string {
  const { tiedCandidates, rankedCandidates, failedTrials, missingTrials, probabilityBest } = confidence;
  const sentences = [
    validationAccuracy.standardError === null
      ? 'One seed tells nothing about the spread: run the search with more seeds.'
      : tiedCandidates === 0
        ? `Better than each of the other ${rankedCandidates - 1} candidates at the 5 % level.`
        : `${tiedCandidates} of ${rankedCandidates - 1} other candidates cannot be told from it at the 5 % level.`,
    ...(probabilityBest === null ? [] : [`Probability of being the best: ${formatPercent(probabilityBest, 0)}.`]),
    ...(failedTrials === 0 ? [] : [`${trials(failedTrials)} failed.`]),
    ...(engines.length < 2
      ? []
      : [`Its search ran on ${engines.length} engines, whose results may differ in the last bits.`]),
    ...(missingTrials === 0 ? [] : [`Incomplete: ${trials(missingTrials)} lost or cancelled.`]),
  ];
  return sentences.join(' ');
}
