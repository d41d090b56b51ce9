import type { AttemptOutcome, LoggedAttempt, TrialDetail } from '@compound-search/contracts';

import { formatSeconds } from '../formatting/numbers.ts';
import { service } from '../service.ts';
import { useOnce } from '../use-reading.ts';
import { Trouble } from './trouble.tsx';

const outcomes: Readonly<Record<AttemptOutcome, string>> = {
  completed: 'completed',
  paused: 'paused where it was to pause',
  failed: 'failed',
  lost: 'lost, and tried again',
  released: 'given back by its worker',
  cancelled: 'cancelled',
  taken_over: 'took over the end of an equal trial',
};

/** What became of each attempt at a trial; read again when an attempt begins, tells what it runs on, or ends. */
export function TrialLog({ trial: { id, attempt, state, steps } }: { readonly trial: TrialDetail }) {
  const { value, error } = useOnce(`${attempt} ${state} ${steps}`, () => service().trialLog(id));
  return (
    <>
      <h3>Attempts</h3>
      <Trouble reading={{ error }} onSignIn={() => undefined} />
      {value?.attempts.length === 0 && <p class="quiet">No worker has begun to train this trial.</p>}
      {value?.attempts.map((one) => (
        <Attempt key={one.attempt} attempt={one} />
      ))}
    </>
  );
}

function Attempt({ attempt }: { readonly attempt: LoggedAttempt }) {
  const { workerId, host, parameters, failure, warnings, lastWords } = attempt;
  const facts = [
    ['ended', endOf(attempt)],
    ['worker', host === null ? workerId : `${workerId} on ${host}`],
    ...(parameters === null ? [] : [['training', describeParameters(parameters)]]),
    ...(failure === null ? [] : [['why', `${failure.code}: ${failure.message}`]]),
    ...warnings.map((warning) => ['warning', warning]),
  ];
  const name = `Last words of attempt ${attempt.attempt}`;
  return (
    <section aria-label={`Attempt ${attempt.attempt}`}>
      <h4>Attempt {attempt.attempt}</h4>
      <dl>
        {facts.map(([title, text]) => (
          <div key={text}>
            <dt>{title}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {lastWords !== null && lastWords.trim() !== '' && (
        <details>
          <summary>{name}</summary>
          <div class="scroll tall" tabindex={0} role="region" aria-label={name}>
            <pre>{lastWords}</pre>
          </div>
        </details>
      )}
    </section>
  );
}

function endOf({ outcome, beganAt, endedAt }: LoggedAttempt): string {
  const began = new Date(beganAt);
  if (outcome === null || endedAt === null) return `runs since ${began.toLocaleString()}`;
  const seconds = (Date.parse(endedAt) - began.getTime()) / 1000;
  return `${outcomes[outcome]} after ${formatSeconds(seconds)}; it began ${began.toLocaleString()}`;
}

function describeParameters({
  engine,
  batchSize,
  epochs,
  steps,
  resumedFrom,
}: NonNullable<LoggedAttempt['parameters']>): string {
  const from = resumedFrom === null ? '' : `, from step ${resumedFrom.step}`;
  return `${epochs} epochs in ${steps} steps, batches of ${batchSize}${from}; TensorFlow ${engine.tensorflow} on ${engine.device}`;
}
