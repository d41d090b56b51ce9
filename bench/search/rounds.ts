import type { Contestant, Outcome } from './outcome.ts';

/** A contestant with what it did, by round. */
export interface Performance {
  readonly name: string;
  readonly outcomes: readonly Outcome[];
}

/** Lets all search in turn, several times round, another one first in each round. */
export async function holdRounds(
  contestants: readonly Contestant[],
  rounds: number,
  log: (line: string) => void,
): Promise<Performance[]> {
  const performances = contestants.map(({ name }) => ({ name, outcomes: new Array<Outcome>() }));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const index = (round + turn) % contestants.length;
      const [contestant, performance] = [contestants[index], performances[index]];
      if (contestant === undefined || performance === undefined) continue;
      log(`Round ${round + 1} of ${rounds}: ${contestant.name}`);
      const outcome = await contestant.search();
      performance.outcomes.push(outcome);
      log(`  ${outcome.wallSeconds.toFixed(1)} s, ${outcome.trainings.length} trainings`);
    }
  }
  return performances;
}
