import type { Coefficients, NetworkUse } from '@compound-search/contracts';

import { formatCoefficient, formatDifference, formatEstimate, formatPercent } from '../formatting/numbers.ts';
import { codeOf, describeError } from '../formatting/words.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { service } from '../service.ts';
import { useOnce } from '../use-reading.ts';
import { isByLoss, type SearchTab } from './search-tab.ts';

const spellings: Readonly<Record<keyof NetworkUse, string>> = {
  keras: 'Keras',
  timm: 'timm',
  torchvision: 'torchvision',
};

/** The answer, to be taken away. */
export function AnswerTab({ search }: SearchTab) {
  const { value, error } = useOnce(`${search.revision}`, () => service().coefficients(search.id));
  if (value === undefined) return error === undefined ? null : <NoAnswer error={error} />;
  const json = JSON.stringify(value, null, 2);
  return (
    <>
      <section class="card">
        <p class="coefficients">
          <span>α {formatCoefficient(value.alpha)}</span> <span>β {formatCoefficient(value.beta)}</span>{' '}
          <span>γ {formatCoefficient(value.gamma)}</span>
        </p>
        {surenessOf(value, isByLoss(search)).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </section>
      {value.use !== null &&
        (Object.keys(spellings) as (keyof NetworkUse)[]).map((library) => (
          <Use key={library} library={library} use={value.use?.[library]} />
        ))}
      <section class="card">
        <div class="row">
          <h2>Coefficients as JSON</h2>
          <CopyButton text={json} label="Copy JSON" source="coefficients-json" />
        </div>
        <pre id="coefficients-json" class="scroll tall" tabindex={0}>
          {json}
        </pre>
      </section>
    </>
  );
}

function NoAnswer({ error }: { readonly error: unknown }) {
  const { title, remedy } = describeError(error);
  const isEarly = codeOf(error) === 'COEFFICIENTS_NOT_READY';
  return (
    <section class="card">
      <h2>{isEarly ? 'There is no answer yet' : 'There is no answer'}</h2>
      <p>
        {title}. {remedy}
      </p>
    </section>
  );
}

function surenessOf({ validationAccuracy, testAccuracy, confidence }: Coefficients, byLoss: boolean): string[] {
  const { probabilityBest, probabilityIndifferent, indifference } = confidence;
  const { tiedCandidates, rankedCandidates, missingTrials } = confidence;
  return [
    `Validation accuracy ${formatEstimate(validationAccuracy)}; ` +
      (testAccuracy === null
        ? 'test accuracy not measured.'
        : `test accuracy ${formatEstimate(testAccuracy)}, of images that decided nothing.`),
    rankedCandidates < 2
      ? 'It is the only candidate with a result.'
      : probabilityBest === null
        ? 'The trials tell nothing about the spread: a search with more seeds would say how sure this is.'
        : `The best of ${rankedCandidates} candidates with a probability of ${formatPercent(probabilityBest, 0)}; ${tiedCandidates} others cannot be told from it.`,
    ...(probabilityIndifferent === null || indifference === null || rankedCandidates < 2
      ? []
      : [
          `It is no further than ${formatDifference({ difference: indifference }, byLoss)}${byLoss ? '' : ' points'} behind the best with a probability of ${formatPercent(probabilityIndifferent, 0)}.`,
        ]),
    ...(missingTrials === 0 ? [] : [`Incomplete: ${missingTrials} trials were lost or cancelled.`]),
  ];
}

function Use({
  library,
  use,
}: {
  readonly library: keyof NetworkUse;
  readonly use: NetworkUse[keyof NetworkUse] | undefined;
}) {
  if (use === undefined) return null;
  const id = `use-${library}`;
  return (
    <section class="card">
      <div class="row">
        <h2>{spellings[library]}</h2>
        {use.code !== null && <CopyButton text={use.code} label={`Copy for ${spellings[library]}`} source={id} />}
      </div>
      {use.code === null ? (
        <p>{use.reason}</p>
      ) : (
        <pre id={id} class="scroll" tabindex={0}>
          {use.code}
        </pre>
      )}
      {use.notes.map((note) => (
        <p key={note} class="quiet">
          {note}
        </p>
      ))}
    </section>
  );
}
