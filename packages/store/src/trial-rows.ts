import {
  engineSchema,
  type Epoch,
  trialFailureSchema,
  trialResultSchema,
  type TrialView,
} from '@compound-search/contracts';

import type { Candidate as CandidateRow, Epoch as EpochRow, Trial as TrialRow } from './generated/client.ts';
import type { TrialOutcome } from './store.ts';

/** The columns of a candidate that a trial shows. */
export const multiplierColumns = { depthMultiplier: true, widthMultiplier: true, resolutionMultiplier: true } as const;

const engine = engineSchema.nullable();
const result = trialResultSchema.nullable();
const failure = trialFailureSchema.nullable();

export const toTrialOutcome = (row: TrialRow): TrialOutcome => ({
  trialId: row.id,
  seed: row.seed,
  state: row.state,
  engine: engine.parse(row.engine),
  result: result.parse(row.result),
  failure: failure.parse(row.failure),
});

export const toTrialView = (
  row: TrialRow & { readonly candidate: Pick<CandidateRow, keyof typeof multiplierColumns> },
): TrialView => ({
  id: row.id,
  searchId: row.searchId,
  candidateId: row.candidateId,
  purpose: row.purpose,
  seed: row.seed,
  state: row.state,
  attempt: row.attempt,
  multipliers: {
    depth: row.candidate.depthMultiplier,
    width: row.candidate.widthMultiplier,
    resolution: row.candidate.resolutionMultiplier,
  },
  step: row.step,
  steps: row.steps,
  engine: engine.parse(row.engine),
  result: result.parse(row.result),
  failure: failure.parse(row.failure),
  createdAt: row.createdAt.toISOString(),
  startedAt: row.startedAt?.toISOString() ?? null,
  endedAt: row.endedAt?.toISOString() ?? null,
});

export const toEpoch = (row: EpochRow): Epoch => ({
  epoch: row.epoch,
  step: row.step,
  learningRate: row.learningRate,
  trainLoss: row.trainLoss,
  trainAccuracy: row.trainAccuracy,
  validationLoss: row.validationLoss,
  validationAccuracy: row.validationAccuracy,
  seconds: row.seconds,
});
