import { phaseOf, type SearchVerb, type SearchView, verbOutcomes } from '@compound-search/contracts';
import { useState } from 'preact/hooks';

import { describeError } from '../formatting/words.ts';
import { service } from '../service.ts';

type ButtonVerb = Exclude<SearchVerb, 'delete'>;

const verbs: readonly { readonly verb: ButtonVerb; readonly label: string; readonly question?: string }[] = [
  { verb: 'pause', label: 'Pause' },
  { verb: 'resume', label: 'Resume' },
  { verb: 'stop', label: 'Stop', question: 'Let running trials finish, and end with the answer that there is?' },
  { verb: 'cancel', label: 'Cancel', question: 'End the search and its running trials now? It will have no answer.' },
  { verb: 'retry-failed', label: 'Retry failed' },
];

function send(verb: ButtonVerb, id: string): Promise<unknown> {
  const client = service();
  return verb === 'retry-failed' ? client.retryFailed(id) : client[verb](id);
}

/** Whether a verb would change anything now; the service has the last word. */
function makesSense(verb: ButtonVerb, { state, trials, testTrials }: SearchView): boolean {
  if (verb === 'retry-failed' && trials.failed + testTrials.failed === 0) return false;
  const phase = phaseOf(state, testTrials.total > 0);
  const outcome = verbOutcomes[phase][verb];
  // What is no phase is why it is refused.
  return outcome in verbOutcomes && (verb === 'retry-failed' || outcome !== phase);
}

/** What can be done to a search now. What cannot be taken back is asked about. */
export function Verbs({ search, onChange }: { readonly search: SearchView; readonly onChange: () => void }) {
  const [error, setError] = useState<unknown>(undefined);
  const act = async (verb: ButtonVerb, question: string | undefined): Promise<void> => {
    if (question !== undefined && !confirm(question)) return;
    setError(undefined);
    await send(verb, search.id).catch(setError);
    onChange();
  };
  return (
    <div class="verbs">
      {verbs
        .filter(({ verb }) => makesSense(verb, search))
        .map(({ verb, label, question }) => (
          <button key={verb} type="button" onClick={() => void act(verb, question)}>
            {label}
          </button>
        ))}
      {error !== undefined && <span role="alert">{describeError(error).title}</span>}
    </div>
  );
}
