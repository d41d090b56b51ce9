import type { Epoch, Multipliers, TrialOrigin, TrialView } from '@compound-search/contracts';

import { engineKind, failureKind, planKind, resultKind } from '../documents/kinds.ts';
import { readStored, readStoredOrNull } from '../documents/stored-document.ts';
import type {
  Candidate as CandidateRow,
  Epoch as EpochRow,
  ModelPlan as ModelPlanRow,
  Trial as TrialRow,
} from '../generated/client.ts';
import type { TrialOutcome } from './trial-store.ts';

const multiplierColumns = { depthMultiplier: true, widthMultiplier: true, resolutionMultiplier: true } as const;

/** What says which network a trial trains: its candidate, or a plan of its own. */
export const withNetwork = { candidate: { select: multiplierColumns }, modelPlan: { select: { plan: true } } } as const;

type NetworkOfTrial = Readonly<{
  candidate: Pick<CandidateRow, keyof typeof multiplierColumns>;
  modelPlan: Pick<ModelPlanRow, 'plan'> | null;
}>;

function multipliersOf({ candidate, modelPlan }: NetworkOfTrial): Multipliers {
  return modelPlan === null
    ? {
        depth: candidate.depthMultiplier,
        width: candidate.widthMultiplier,
        resolution: candidate.resolutionMultiplier,
      }
    : readStored(planKind, modelPlan.plan).multipliers;
}

export function toTrialOutcome(row: TrialRow): TrialOutcome {
  return {
    trialId: row.id,
    seed: row.seed,
    state: row.state,
    engine: readStoredOrNull(engineKind, row.engine),
    result: readStoredOrNull(resultKind, row.result),
    failure: readStoredOrNull(failureKind, row.failure),
  };
}

export function toTrialView(row: TrialRow & NetworkOfTrial): TrialView {
  return {
    id: row.id,
    searchId: row.searchId,
    candidateId: row.candidateId,
    purpose: row.purpose,
    seed: row.seed,
    state: row.state,
    attempt: row.attempt,
    round: row.round,
    epochs: row.pauseAfter,
    multipliers: multipliersOf(row),
    rerunOf: row.rerunOfTrialId,
    takenOverFrom: row.takenOverFrom,
    origin: originOf(row),
    step: row.step,
    steps: row.steps,
    engine: readStoredOrNull(engineKind, row.engine),
    result: readStoredOrNull(resultKind, row.result),
    failure: readStoredOrNull(failureKind, row.failure),
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

function originOf({ external, takenOverFrom }: TrialRow): TrialOrigin {
  if (external) return 'imported';
  return takenOverFrom === null ? 'trained' : 'taken_over';
}

export function toEpoch(row: EpochRow): Epoch {
  return {
    epoch: row.epoch,
    step: row.step,
    learningRate: row.learningRate,
    trainLoss: row.trainLoss,
    trainAccuracy: row.trainAccuracy,
    validationLoss: row.validationLoss,
    validationAccuracy: row.validationAccuracy,
    seconds: row.seconds,
  };
}
