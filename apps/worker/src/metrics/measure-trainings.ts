import type { TrainingEvent } from '@compound-search/contracts';
import type { TrainingEnd } from '@compound-search/training';

import type { StartTraining } from '../run-trial.ts';
import type { TrainingOutcome, WorkerMetrics } from './worker-metrics.ts';

/** Starts trainings as before, and counts what they report. */
export function measureTrainings(startTraining: StartTraining, metrics: WorkerMetrics): StartTraining {
  return (specification, { onEvent }) => {
    const count = countSteps(metrics);
    const training = startTraining(specification, {
      onEvent: (event) => {
        count(event);
        onEvent(event);
      },
    });
    metrics.countStart();
    void training.ended.then((end) => {
      metrics.countEnd(outcomeOf(end));
      if (end.type === 'completed') metrics.observeSpeed(end.result.imagesPerSecond);
    });
    return training;
  };
}

/**
 * Counts the steps of one process. One that goes on from a checkpoint, which may lie within an epoch, reports the epochs
 * before it again; its own first step it reports at once.
 */
function countSteps(metrics: WorkerMetrics): (event: TrainingEvent) => void {
  let isUnderWay = false;
  let step = 0;
  let stepOfEpoch = 0;
  const advance = (to: number): void => {
    if (isUnderWay) metrics.countSteps(to - step);
    step = to;
  };
  const begin = (firstStep: number): void => {
    isUnderWay = true;
    step = firstStep - 1;
  };
  return (event) => {
    if (event.type === 'progress') {
      if (!isUnderWay) begin(event.step);
      advance(event.step);
    } else if (event.type === 'epoch') {
      advance(event.epoch.step);
      if (isUnderWay) metrics.observeStep(event.epoch.seconds / (step - stepOfEpoch));
      stepOfEpoch = step;
    }
  };
}

function outcomeOf(end: TrainingEnd): TrainingOutcome {
  return end.type === 'failed' && end.failure.code === 'TRIAL_LOST' ? 'lost' : end.type;
}
