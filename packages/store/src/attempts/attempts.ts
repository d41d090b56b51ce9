import type { Database } from '../database/database.ts';
import type { AttemptStore } from './attempt-store.ts';
import { claimExternalTrial } from './claim-external-trial.ts';
import { createClaimNextTrial } from './claim-next-trial.ts';
import { claimTrial } from './claim-trial.ts';
import { completeTrial } from './complete-trial.ts';
import { expireLeases } from './expire-leases.ts';
import { failTrial } from './fail-trial.ts';
import { deletedTrials, finishedTrials } from './finished-trials.ts';
import { pauseTrial } from './pause-trial.ts';
import { recordEpoch } from './record-epoch.ts';
import { recordModel } from './record-model.ts';
import { recordStart } from './record-start.ts';
import { releaseTrial } from './release-trial.ts';
import { renewLease } from './renew-lease.ts';
import { takeOverTrial } from './take-over-trial.ts';

/** The attempts' part of the store. */
export function createAttemptStore(database: Database): AttemptStore {
  return {
    claimNextTrial: createClaimNextTrial(database),
    claimExternalTrial: (input) => claimExternalTrial(database, input),
    claimTrial: (input) => claimTrial(database, input),
    recordStart: (input) => recordStart(database, input),
    takeOverTrial: (input) => takeOverTrial(database, input),
    renewLease: (input) => renewLease(database, input),
    recordEpoch: (input) => recordEpoch(database, input),
    recordModel: (input) => recordModel(database, input),
    completeTrial: (input) => completeTrial(database, input),
    pauseTrial: (input) => pauseTrial(database, input),
    failTrial: (input) => failTrial(database, input),
    releaseTrial: (attempt) => releaseTrial(database, attempt),
    finishedTrials: (trialIds) => finishedTrials(database, trialIds),
    deletedTrials: (trialIds) => deletedTrials(database, trialIds),
    expireLeases: () => expireLeases(database),
  };
}
