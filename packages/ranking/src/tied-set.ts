/** The chance that the truly best candidate is left out of the tied set. */
const outside = 0.05;
/** Probabilities closer than this differ by rounding alone. */
const alike = 1e-9;

/**
 * Which candidates cannot be told from the best: the smallest set that holds the best with a probability of 95 %, with all
 * that are as probable as the least of it. `leader` belongs to it in any case.
 */
export function tiedSet(probabilities: readonly number[], leader: number): boolean[] {
  const descending = [...probabilities].sort((one, other) => other - one);
  let reached = 0;
  let least = 1;
  for (const probability of descending) {
    if (reached >= 1 - outside - alike) break;
    reached += probability;
    least = probability;
  }
  return probabilities.map((probability, index) => index === leader || probability >= least - alike * least);
}
