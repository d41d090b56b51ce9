import type { Epoch, TrialDetail } from '@compound-search/contracts';
import type { Client } from '@compound-search/sdk';

/** What came of a search, as text to be compared to the byte: identifiers and times are left out, and nothing else. */
export interface Outcome {
  readonly state: string;
  readonly leaderboard: string;
  readonly decisions: string;
  readonly coefficients: string;
  /** What each trial came to, by what it trained. Of a trial that is there twice there are two. */
  readonly trials: readonly string[];
}

export async function outcomeOf(client: Client, id: string): Promise<Outcome> {
  const { rows, baseline, state } = await client.leaderboard(id);
  const { items: decisions } = await client.decisions(id, { limit: 200 });
  const { items } = await client.trials(id, { limit: 200 });
  const fingerprints = new Map(rows.map(({ candidateId, fingerprint }) => [candidateId, fingerprint]));
  const trials: string[] = [];
  for (const trial of items) trials.push(trialText(await client.trial(trial.id), fingerprints.get(trial.candidateId)));
  return {
    state,
    leaderboard: JSON.stringify({ baseline, rows: rows.map((row) => ({ ...row, candidateId: '' })) }),
    decisions: JSON.stringify(decisions.map((decision) => ({ ...decision, decidedAt: '' }))),
    coefficients: JSON.stringify({ ...(await client.coefficients(id)), searchId: '' }),
    trials: trials.sort(),
  };
}

function trialText(trial: TrialDetail, fingerprint = ''): string {
  const { purpose, seed, state, round, result, learningCurve } = trial;
  return JSON.stringify({
    trained: [fingerprint, purpose, seed],
    state,
    round,
    result: result === null ? null : { ...result, imagesPerSecond: 0 },
    learningCurve: learningCurve.map((epoch): Epoch => ({ ...epoch, seconds: 0 })),
  });
}

/** What the runs came to, held against one another. */
export interface Verdict {
  /** The parts of the outcome that differ: none where all is equal to the byte. */
  readonly differing: readonly string[];
  /** Trials of the undisturbed run that this one does not have as they are there. */
  readonly lost: number;
  /** Trials that are there twice, or got a second result. */
  readonly double: number;
}

/** @param results - how often a result was written to each trial that has one. */
export function compareOutcomes(calm: Outcome, disturbed: Outcome, results: readonly number[]): Verdict {
  const names = ['state', 'leaderboard', 'decisions', 'coefficients', 'trials'] as const;
  const trained = disturbed.trials.map((trial) => JSON.stringify((JSON.parse(trial) as { trained: unknown }).trained));
  return {
    differing: names.filter((name) => JSON.stringify(calm[name]) !== JSON.stringify(disturbed[name])),
    lost: calm.trials.filter((trial) => !disturbed.trials.includes(trial)).length,
    double: trained.length - new Set(trained).size + results.filter((written) => written > 1).length,
  };
}
