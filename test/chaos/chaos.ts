/**
 * Searches of 24 trials on three workers, each disturbed in eleven ways at moments that its seed decides, and held
 * against one that nothing disturbed: `npm run chaos -- --runs 50 --seed 1`. Exit code 1 where any of them differs.
 */
import { parseArgs } from 'node:util';

import type { Disturbance } from './plan.ts';
import { type DisturbedRun, runCalm, runDisturbed } from './run.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    /** Runs at the same time: most of a run is waiting for leases. */
    parallel: { type: 'string', default: '1' },
  },
});
const seeds = Array.from({ length: Number(values.runs) }, (_, index) => Number(values.seed) + index);
const calm = await runCalm();
console.log(`undisturbed: ${calm.outcome.trials.length} trials, ${calm.outcome.state}, ${calm.seconds.toFixed(0)} s`);

const runs: DisturbedRun[] = [];
const faults: string[] = [];
await Promise.all(Array.from({ length: Number(values.parallel) }, runSeeds));

const equal = runs.filter((run) => run.equal).length;
const lost = runs.filter((run) => run.lost > 0).length;
const double = runs.filter((run) => run.double > 0).length;
console.log(`${equal} of ${values.runs} equal, ${lost} lost, ${double} double, ${faults.length} without an end`);
process.exitCode = equal === Number(values.runs) ? 0 : 1;

async function runSeeds(): Promise<void> {
  for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
    try {
      const run = await runDisturbed(seed, calm.outcome);
      runs.push(run);
      console.log(lineOf(run));
    } catch (error) {
      faults.push(`seed ${seed}`);
      console.error(`seed ${seed}:`, error);
    }
  }
}

function lineOf(run: DisturbedRun): string {
  const verdict = run.equal
    ? 'equal'
    : `DIFFERS in ${run.differing.join(', ')}; ${run.lost} trials lost, ${run.double} double; see ${run.folder}`;
  return `seed ${run.seed}: ${run.disturbances.map(momentOf).join(', ')} | ${run.seconds.toFixed(0)} s | ${verdict}`;
}

function momentOf({ kind, afterTrainings }: Disturbance): string {
  return `${kind} @${afterTrainings}`;
}
