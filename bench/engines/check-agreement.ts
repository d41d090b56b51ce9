import { networkCost } from '@compound-search/networks';

import type { Result } from './contest.ts';
import type { Job } from './job.ts';

/**
 * Largest relative difference of the first losses. They agree to some 1e-5; PyTorch adds epsilon outside of the root,
 * which moves a step by 5e-4 of itself.
 */
const tolerance = 1e-3;

/**
 * Makes sure that all engines did the same work: as many parameters as the network is costed at, the same losses in
 * the first steps, and losses that fall.
 *
 * @throws Error with the engine and the figures that do not fit.
 */
export function checkAgreement(results: readonly Result[], job: Job): void {
  const { parameters } = networkCost(job.network);
  const [reference] = results;
  for (const { contestant, ready, losses } of results) {
    const fail = (what: string): never => {
      throw new Error(`${contestant.name} (${ready.description}): ${what}`);
    };
    if (ready.parameters !== parameters) fail(`${ready.parameters} parameters, but the network has ${parameters}`);
    const step = losses.findIndex((loss) => !Number.isFinite(loss));
    if (step >= 0) fail(`the loss of step ${step} is not finite`);
    for (let i = 0; i < job.agreementSteps; i += 1) {
      const [own = NaN, other = NaN] = [losses[i], reference?.losses[i]];
      if (!(Math.abs(own - other) <= tolerance * other))
        fail(`the loss of step ${i} is ${own}, but elsewhere ${other}`);
    }
    const early = mean(losses.slice(0, job.agreementSteps));
    const late = mean(losses.slice(-10));
    if (!(late < 0.9 * early)) fail(`the loss does not fall: ${early} at first, ${late} at last`);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
