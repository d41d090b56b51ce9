import type { Engine, Epoch, TrialFailure, TrialResult, TrialSpecification } from '@compound-search/contracts';
import type { ClaimedTrial, Store } from '@compound-search/store';

export const engine: Engine = {
  tensorflow: '2.21.0',
  device: 'cpu',
  platform: 'linux-x64',
  threads: 1,
  settings: 'TF_ENABLE_ONEDNN_OPTS=1',
  program: '0123456789abcdef',
  datasetHash: 'd'.repeat(64),
  fingerprint: 'e'.repeat(64),
};

/** What a trial ends with: a failure, or the accuracies that it reached. */
export type Outcome = TrialFailure | Pick<TrialResult, 'validationAccuracy' | 'testAccuracy' | 'weightsHash'>;

export const steps = 10;

const epoch: Epoch = {
  epoch: 1,
  step: steps,
  learningRate: 0.008,
  trainLoss: 1.5,
  trainAccuracy: 0.5,
  validationLoss: 1.6,
  validationAccuracy: 0.4,
  seconds: 0.25,
};

/** Takes the trial whose turn it is, as a worker does; null when there is none. */
export function claimNext(store: Store, leaseSeconds = 60): Promise<ClaimedTrial | null> {
  return store.claimNextTrial({ workerId: 'simulated', leaseSeconds });
}

async function finish(store: Store, { specification, token }: ClaimedTrial, outcome: Outcome): Promise<void> {
  const { trialId } = specification;
  await store.recordStart({ trialId, token, engine, steps });
  if ('code' in outcome) {
    await store.failTrial({ trialId, token, failure: outcome });
    return;
  }
  await store.recordEpoch({ trialId, token, epoch });
  const result = { ...outcome, validationLoss: 1.6, steps, imagesPerSecond: 500 };
  await store.completeTrial({ trialId, token, result });
}

/** Runs all queued trials to the end that the test decides; returns the specifications in the order they ran. */
export async function runQueued(
  store: Store,
  decide: (specification: TrialSpecification) => Outcome,
): Promise<TrialSpecification[]> {
  const ran: TrialSpecification[] = [];
  for (let claimed = await claimNext(store); claimed !== null; claimed = await claimNext(store)) {
    ran.push(claimed.specification);
    await finish(store, claimed, decide(claimed.specification));
  }
  return ran;
}

/**
 * A training that works: accuracy falls with the distance of the width from 1.1 and varies a little by seed, and the
 * weights depend on candidate and seed alone, so that a test trial repeats its ranking trial.
 */
export function trainWell({ fingerprint, multipliers, purpose, seed }: TrialSpecification): Outcome {
  return {
    validationAccuracy: 0.9 - Math.abs(multipliers.width - 1.1) - (multipliers.depth - 1) / 100 + seed / 1000,
    testAccuracy: purpose === 'test' ? 0.8 + seed / 100 : null,
    weightsHash: `${fingerprint}-${seed}`,
  };
}

export function diverge(): Outcome {
  return { code: 'TRIAL_DIVERGED', message: 'The loss is NaN', step: 3 };
}

export function lose(): Outcome {
  return { code: 'TRIAL_LOST', message: 'The process died', step: null };
}
