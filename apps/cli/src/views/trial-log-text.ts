import { type AttemptOutcome, escapeControls, type LoggedAttempt, type TrialLog } from '@compound-search/contracts';

import { formatSeconds } from '../formatting/numbers.ts';

const outcomes: Readonly<Record<AttemptOutcome, string>> = {
  completed: 'completed',
  paused: 'paused where it was to pause',
  failed: 'failed',
  lost: 'lost',
  released: 'given back by its worker',
  cancelled: 'cancelled',
  taken_over: 'ended by taking over an equal trial',
};

/** One paragraph an attempt. What a training said is indented, so that no line of it passes for one of ours. */
export function renderTrialLog({ attempts }: TrialLog): string {
  if (attempts.length === 0) return 'No worker has begun to train this trial.';
  return attempts.map((attempt) => renderAttempt(attempt).join('\n')).join('\n\n');
}

function renderAttempt(attempt: LoggedAttempt): string[] {
  const { warnings, failure, lastWords } = attempt;
  return [
    `Attempt ${attempt.attempt}: ${endOf(attempt)}`,
    `  by worker ${escapeControls(attempt.workerId)}${attempt.host === null ? '' : ` on ${escapeControls(attempt.host)}`}`,
    ...parameterLines(attempt),
    ...(failure === null ? [] : [`  ${failure.code}: ${escapeControls(failure.message)}`]),
    ...warnings.map((warning) => `  warning: ${escapeControls(warning)}`),
    ...(lastWords === null || lastWords.trim() === '' ? [] : ['  last words:', ...indented(lastWords)]),
  ];
}

function endOf({ outcome, beganAt, endedAt }: LoggedAttempt): string {
  if (outcome === null || endedAt === null) return `runs since ${beganAt}`;
  const seconds = (Date.parse(endedAt) - Date.parse(beganAt)) / 1000;
  return `${outcomes[outcome]} after ${formatSeconds(seconds)}, ${beganAt} to ${endedAt}`;
}

function parameterLines({ parameters }: LoggedAttempt): string[] {
  if (parameters === null) return [];
  const { engine, batchSize, epochs, steps, seed, pauseAfter, resumedFrom } = parameters;
  const pause = pauseAfter === null ? '' : `, to pause after epoch ${pauseAfter}`;
  const from = resumedFrom === null ? '' : `, from step ${resumedFrom.step} (epoch ${resumedFrom.epoch} had ended)`;
  const threads = `${engine.threads} thread${engine.threads === 1 ? '' : 's'}`;
  return [
    `  trains ${epochs} epochs of ${escapeControls(parameters.dataset)} in ${steps} steps, batches of ${batchSize}, seed ${seed}${pause}${from}`,
    `  on TensorFlow ${engine.tensorflow}, ${engine.device}, ${threads}, engine ${engine.fingerprint.slice(0, 12)}`,
  ];
}

function indented(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`);
}
