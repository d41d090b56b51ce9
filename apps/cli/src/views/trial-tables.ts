import type { TrialDetail, TrialOrigin, TrialView } from '@compound-search/contracts';

import { formatCoefficient, formatPercent, formatSeconds } from '../formatting/numbers.ts';
import { sparkline } from '../formatting/sparkline.ts';
import { type Column, renderTable } from '../formatting/table.ts';

const columns: readonly Column[] = [
  { title: 'id' },
  { title: 'purpose' },
  { title: 'depth', align: 'right' },
  { title: 'width', align: 'right' },
  { title: 'resolution', align: 'right' },
  { title: 'seed', align: 'right' },
  { title: 'state' },
  { title: 'origin' },
  { title: 'attempt', align: 'right' },
  { title: 'steps', align: 'right' },
  { title: 'validation', align: 'right' },
  { title: 'test', align: 'right' },
  { title: 'failure' },
];

const origins: Readonly<Record<TrialOrigin, string>> = { trained: '', taken_over: 'taken over', imported: 'imported' };

/** One line a trial; depth, width and resolution are the multipliers that it trained with. */
export function renderTrials(trials: readonly TrialView[]): string {
  return renderTable(
    columns,
    trials.map((trial) => [
      trial.id,
      trial.purpose,
      formatCoefficient(trial.multipliers.depth),
      formatCoefficient(trial.multipliers.width),
      formatCoefficient(trial.multipliers.resolution),
      String(trial.seed),
      trial.state,
      origins[trial.origin],
      String(trial.attempt),
      steps(trial),
      percentOrNothing(trial.result?.validationAccuracy),
      percentOrNothing(trial.result?.testAccuracy),
      trial.failure?.code ?? '',
    ]),
  );
}

function steps({ step, steps }: TrialView): string {
  return steps === null ? '' : `${step}/${steps}`;
}

function percentOrNothing(fraction: number | null | undefined): string {
  return fraction === null || fraction === undefined ? '' : formatPercent(fraction);
}

/** What an epoch came to, from its step to its validation accuracy. */
export const epochColumns: readonly Column[] = [
  { title: 'step', align: 'right' },
  { title: 'learning rate', align: 'right' },
  { title: 'training loss', align: 'right' },
  { title: 'training accuracy', align: 'right' },
  { title: 'validation loss', align: 'right' },
  { title: 'validation accuracy', align: 'right' },
];

const curveColumns: readonly Column[] = [
  { title: 'epoch', align: 'right' },
  ...epochColumns,
  { title: 'time', align: 'right' },
];

/** A trial with its learning curve, as a table and at a glance. */
export function renderTrial(trial: TrialDetail): string {
  const lines = [
    renderTrials([trial]),
    ...(trial.rerunOf === null ? [] : [`Repeats the trial ${trial.rerunOf}.`]),
    ...takeoverLines(trial),
    ...failureLines(trial),
    ...engineLines(trial),
    ...curveLines(trial),
  ];
  return lines.join('\n');
}

function takeoverLines({ takenOverFrom }: TrialDetail): string[] {
  return takenOverFrom === null ? [] : [`Taken over from the equal trial ${takenOverFrom}; nothing was trained.`];
}

function failureLines({ failure }: TrialDetail): string[] {
  if (failure === null) return [];
  const where = failure.step === null ? '' : ` at step ${failure.step}`;
  return [`Failed${where} with ${failure.code}: ${failure.message}`];
}

function engineLines({ engine, result }: TrialDetail): string[] {
  if (engine === null) return [];
  const speed = result?.imagesPerSecond == null ? '' : `, ${result.imagesPerSecond.toFixed(0)} images per second`;
  const threads = `${engine.threads} thread${engine.threads === 1 ? '' : 's'}`;
  return [`Ran on TensorFlow ${engine.tensorflow}, ${engine.device}, ${engine.platform}, ${threads}${speed}.`];
}

const waitingLine = 'To be trained elsewhere; `compound-search import` takes its result.';

function curveLines({ learningCurve: curve, origin, state }: TrialDetail): string[] {
  if (origin === 'imported') return [state === 'queued' ? waitingLine : 'Trained elsewhere; its result was imported.'];
  if (curve.length === 0) return ['No epoch has ended yet.'];
  return [
    renderTable(
      curveColumns,
      curve.map((epoch) => [
        String(epoch.epoch),
        String(epoch.step),
        epoch.learningRate.toPrecision(3),
        epoch.trainLoss.toFixed(4),
        formatPercent(epoch.trainAccuracy),
        epoch.validationLoss.toFixed(4),
        formatPercent(epoch.validationAccuracy),
        formatSeconds(epoch.seconds),
      ]),
    ),
    `Validation accuracy ${sparkline(curve.map((epoch) => epoch.validationAccuracy))}`,
  ];
}
