import { networkCost } from '@compound-search/networks';

import { describeEntry, type Result } from './contest.ts';
import { mean } from './statistics.ts';

/**
 * Makes sure that all engines did the same work: as many parameters as the network is costed at, the same losses in
 * the first steps, up to the relative differences in `tolerances`, and losses that fall.
 *
 * @throws Error with the engine and the figures that do not fit.
 */
export function checkAgreement(results: readonly Result[], tolerances: readonly number[]): void {
  const [reference] = results;
  for (const result of results) {
    const { ready, losses } = result;
    const { parameters } = networkCost(result.job.network);
    const fail = (what: string): never => {
      throw new Error(`${describeEntry(result)} (${ready.description}): ${what}`);
    };
    if (ready.parameters !== parameters) fail(`${ready.parameters} parameters, but the network has ${parameters}`);
    const step = losses.findIndex((loss) => !Number.isFinite(loss));
    if (step >= 0) fail(`the loss of step ${step} is not finite`);
    for (const [i, tolerance] of tolerances.entries()) {
      const [own = NaN, other = NaN] = [losses[i], reference?.losses[i]];
      if (!(Math.abs(own - other) <= tolerance * other))
        fail(`the loss of step ${i} is ${own}, but elsewhere ${other}`);
    }
    checkFall(losses, fail);
  }
}

/** Few steps at the start of a training may go up and down; over twenty and more the loss must fall. */
function checkFall(losses: readonly number[], fail: (what: string) => never): void {
  if (losses.length < 20) return;
  const early = mean(losses.slice(0, 5));
  const late = mean(losses.slice(-5));
  if (!(late < early)) fail(`the loss does not fall: ${early} at first, ${late} at last`);
}
