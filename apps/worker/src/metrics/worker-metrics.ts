import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** How a training ended: `lost` is one whose process ended without a word, `cancelled` one that was told to stop. */
export const trainingOutcomes = ['completed', 'paused', 'failed', 'lost', 'cancelled'] as const;
export type TrainingOutcome = (typeof trainingOutcomes)[number];

/** What a worker counts of itself. */
export interface WorkerMetrics {
  readonly registry: Registry;
  countStart(): void;
  countEnd(outcome: TrainingOutcome): void;
  countSteps(steps: number): void;
  /** Seconds of one step: a mean over an epoch, its evaluation included. */
  observeStep(seconds: number): void;
  /** Of a training that has completed. */
  observeSpeed(imagesPerSecond: number): void;
}

/** From small networks on a GPU to large ones on one core. */
const stepBuckets = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const speedBuckets = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000];

/** Creates the metrics of one worker of so many slots. */
export function createWorkerMetrics(slots: number): WorkerMetrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({ name: 'compound_search_worker_slots', help: 'Trials that run at once at most.', registers }).set(slots);
  const busy = new Gauge({ name: 'compound_search_worker_busy_slots', help: 'Trainings that run.', registers });
  const ended = new Counter({
    name: 'compound_search_worker_trainings_total',
    help: 'Trainings that have ended, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of trainingOutcomes) ended.inc({ outcome }, 0);
  const steps = new Counter({
    name: 'compound_search_worker_steps_total',
    help: 'Training steps that have been reported.',
    registers,
  });
  const { observeStep, observeSpeed } = createHistograms(registry);
  return {
    registry,
    countStart: () => busy.inc(),
    countEnd: (outcome) => {
      busy.dec();
      ended.inc({ outcome });
    },
    countSteps: (count) => steps.inc(count),
    observeStep,
    observeSpeed,
  };
}

function createHistograms(registry: Registry): Pick<WorkerMetrics, 'observeStep' | 'observeSpeed'> {
  const registers = [registry];
  const step = new Histogram({
    name: 'compound_search_worker_step_seconds',
    help: 'Seconds per training step, as a mean over each epoch with its evaluation.',
    buckets: stepBuckets,
    registers,
  });
  const speed = new Histogram({
    name: 'compound_search_worker_images_per_second',
    help: 'Images per second of each training that has completed, evaluation left out.',
    buckets: speedBuckets,
    registers,
  });
  return {
    observeStep: (seconds) => step.observe(seconds),
    observeSpeed: (imagesPerSecond) => speed.observe(imagesPerSecond),
  };
}
