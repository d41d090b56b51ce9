import { endedTrialStates, type TrialDetail, type TrialView } from '@compound-search/contracts';

import { hashOf, type SearchPlace } from '../address.ts';
import { CurveChart } from '../charts/curve-chart.tsx';
import { formatCoefficient, formatPercent } from '../formatting/numbers.ts';
import { RerunButton } from '../parts/rerun-button.tsx';
import { State } from '../parts/state.tsx';
import { TrialLog } from '../parts/trial-log.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { service } from '../service.ts';
import { useOnce, useReading } from '../use-reading.ts';
import type { SearchTab } from './search-tab.ts';

const pageSize = 200;

/** The trainings, and how one of them went. */
export function TrialsTab({ search, place }: SearchTab) {
  const trials = useOnce(`${search.revision}`, () => service().trials(search.id, { limit: pageSize }));
  const { trial } = place;
  return (
    <>
      {trial !== undefined && <ChosenTrial key={trial} trialId={trial} place={place} />}
      <section class="card">
        <h2>Trials</h2>
        <Trouble reading={trials} onSignIn={() => undefined} />
        <TrialTable trials={trials.value?.items ?? []} place={place} />
        {trials.value?.next != null && (
          <p class="quiet">The first {pageSize} are shown; the export of results has all.</p>
        )}
      </section>
    </>
  );
}

function TrialTable({ trials, place }: { readonly trials: readonly TrialView[]; readonly place: SearchPlace }) {
  return (
    <div class="scroll" tabindex={0} role="region" aria-label="Trials">
      <table class="numbers">
        <thead>
          <tr>
            {[
              'trial',
              'for',
              'seed',
              'state',
              'depth',
              'width',
              'resolution',
              'steps',
              'attempt',
              'accuracy',
              'why',
            ].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {trials.map((one) => (
            <TrialRow
              key={one.id}
              trial={one}
              href={hashOf({ ...place, trial: one.id })}
              isChosen={one.id === place.trial}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TrialRow({
  trial,
  href,
  isChosen,
}: {
  readonly trial: TrialView;
  readonly href: string;
  readonly isChosen: boolean;
}) {
  const { multipliers, result, failure } = trial;
  return (
    <tr class={isChosen ? 'chosen-row' : undefined}>
      <th scope="row">
        <a href={href}>{trial.id.slice(0, 8)}</a>
      </th>
      <td>{trial.purpose}</td>
      <td class="number">{trial.seed}</td>
      <td>
        <State state={trial.state} />
      </td>
      <td class="number">{formatCoefficient(multipliers.depth)}</td>
      <td class="number">{formatCoefficient(multipliers.width)}</td>
      <td class="number">{formatCoefficient(multipliers.resolution)}</td>
      <td class="number">
        {trial.step}/{trial.steps ?? '?'}
      </td>
      <td class="number">{trial.attempt}</td>
      <td class="number">{result === null ? '' : formatPercent(result.validationAccuracy)}</td>
      <td>{failure === null ? '' : failure.message}</td>
    </tr>
  );
}

/** How the trial learns, and what became of each attempt at it. A rerun changes nothing in its search: it is followed by itself. */
function ChosenTrial({ trialId, place }: { readonly trialId: string; readonly place: SearchPlace }) {
  const reading = useReading(
    trialId,
    () => service().trial(trialId),
    ({ state }) => endedTrialStates.some((ended) => ended === state),
  );
  const { value } = reading;
  return (
    <section class="card">
      <h2>Trial {trialId.slice(0, 8)}</h2>
      <Trouble reading={reading} onSignIn={reading.now} />
      {value !== undefined && (
        <>
          <div class="beside">
            <CurveChart epochs={value.learningCurve} />
            <CurveTable trial={value} />
          </div>
          {value.state === 'completed' && <RerunButton trialId={trialId} place={place} />}
          <TrialLog trial={value} />
        </>
      )}
    </section>
  );
}

function CurveTable({ trial }: { readonly trial: TrialDetail }) {
  return (
    <div class="scroll" tabindex={0} role="region" aria-label="Learning curve">
      <table class="numbers">
        <thead>
          <tr>
            {['epoch', 'training', 'validation', 'training loss', 'validation loss', 'seconds'].map((title) => (
              <th key={title} scope="col" class="number">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {trial.learningCurve.map((one) => (
            <tr key={one.epoch}>
              <td class="number">{one.epoch}</td>
              <td class="number">{formatPercent(one.trainAccuracy)}</td>
              <td class="number">{formatPercent(one.validationAccuracy)}</td>
              <td class="number">{one.trainLoss.toFixed(4)}</td>
              <td class="number">{one.validationLoss.toFixed(4)}</td>
              <td class="number">{one.seconds.toFixed(1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
