import { describe, expect, it } from 'vitest';

import { disturbanceKinds } from './plan.ts';
import { runCalm, runDisturbed } from './run.ts';

/** Two searches of 24 trials, in one of which leases have to run out and servers to come back. */
const patience = 900_000;

describe.runIf(process.platform === 'linux')('a race of 24 trials on three workers', () => {
  it(
    'comes to the same by one result for each trial, to the byte, when all its parts are killed, cut, stopped, filled or set back',
    async () => {
      const { outcome, results } = await runCalm();
      expect(outcome.state).toBe('completed');
      expect(outcome.trials.filter((trial) => trial.includes('"ranking"'))).toHaveLength(24);
      expect(outcome.coefficients).toContain('"reproduced":true');
      expect(results).toEqual(outcome.trials.filter((trial) => trial.includes('"completed"')).map(() => 1));

      const { disturbances, ...run } = await runDisturbed(1, outcome);
      expect(new Set(disturbances.map(({ kind }) => kind))).toEqual(new Set(disturbanceKinds));
      expect(run).toMatchObject({ differing: [], lost: 0, double: 0, equal: true });
    },
    patience,
  );
});
