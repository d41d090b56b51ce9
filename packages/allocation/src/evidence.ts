import { assess, type AssessedCandidate, type MeasuredCandidate } from '@compound-search/ranking';

import type { Standing } from './standing.ts';

/** A candidate that may still be better than the leader. */
export interface Rival {
  readonly standing: Standing;
  /** How much higher the leader's true mean is expected to be. */
  readonly gap: number;
  /** Standard deviation of that. */
  readonly deviation: number;
}

/** What the results of trainings that ran to their end say. */
export interface Evidence {
  /** Null where no training has ended. */
  readonly leader: Standing | null;
  /** Those with a result, from the best to the worst, without those whose training has failed. */
  readonly ranked: readonly Standing[];
  readonly probabilityBest: number | null;
  readonly probabilityIndifferent: number | null;
  /** Null where the results do not tell how far chance carries them. */
  readonly rivals: readonly Rival[] | null;
}

/** Results of trainings that ran to their end. */
export function resultsOf({ candidate, trainings, failure }: Standing): MeasuredCandidate {
  const ended = trainings.filter(({ epochs, state }) => epochs === null && state === 'reached');
  return {
    ...candidate,
    seeds: ended.map(({ seed }) => seed),
    accuracies: ended.map(({ accuracies }) => accuracies.get(null) ?? Number.NaN),
    failedTraining: failure !== null,
  };
}

function rivalOf({ behindLeader }: AssessedCandidate, standing: Standing | undefined): Rival[] {
  if (standing?.failure !== null || behindLeader === null) return [];
  return [{ standing, gap: behindLeader.mean, deviation: behindLeader.deviation }];
}

/** Weighs the results. A candidate whose training has failed is no rival, and leads only where there is no other. */
export function weigh(standings: readonly Standing[], indifference: number): Evidence {
  const { leader, residual, candidates } = assess(standings.map(resultsOf), { indifference });
  const byFingerprint = new Map(standings.map((standing) => [standing.candidate.fingerprint, standing]));
  const ranked = candidates.flatMap(({ fingerprint }) => byFingerprint.get(fingerprint) ?? []);
  const isKnown = residual !== null || candidates.length === 1;
  return {
    leader: byFingerprint.get(leader?.fingerprint ?? '') ?? null,
    ranked: ranked.filter(({ failure }) => failure === null),
    probabilityBest: leader?.probabilityCorrect ?? null,
    probabilityIndifferent: leader?.probabilityIndifferent ?? null,
    rivals: isKnown ? candidates.slice(1).flatMap((row) => rivalOf(row, byFingerprint.get(row.fingerprint))) : null,
  };
}
