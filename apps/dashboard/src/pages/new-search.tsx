import type { SearchRequestInput } from '@compound-search/contracts';
import { useEffect, useState } from 'preact/hooks';

import { hashOf, searchPlace } from '../address.ts';
import { Fields } from '../new-search/fields.tsx';
import { Plan } from '../new-search/plan.tsx';
import { type Draft, formatRequest, parseRequest } from '../new-search/request-text.ts';
import { Refusal } from '../parts/refusal.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { service } from '../service.ts';
import { useOnce } from '../use-reading.ts';

const example = {
  name: 'my search',
  baseline: 'efficientnet-micro',
  dataset: 'shapes',
  grid: { alpha: [1, 1.2, 1.4], beta: [1, 1.1, 1.2], gamma: [1, 1.15, 1.3] },
  recipe: { epochs: 2 },
} satisfies SearchRequestInput;

/** How long nothing must have been typed before the plan is asked for. */
const typingPause = 250;

interface NewSearchProps {
  /** The search whose request is the start. */
  readonly from: string | undefined;
  readonly onSignIn: () => void;
}

/** A request to write, and beside it what it comes to. */
export function NewSearchPage({ from, onSignIn }: NewSearchProps) {
  const start = useOnce(from ?? '', async () =>
    from === undefined ? example : (await service().getSearch(from)).request,
  );
  return (
    <>
      <h1>New search</h1>
      <Trouble reading={start} onSignIn={onSignIn} />
      {start.value !== undefined && <Form start={formatRequest(start.value)} />}
    </>
  );
}

/** The text once nothing has been typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), typingPause);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function Form({ start }: { readonly start: string }) {
  const [text, setText] = useState(start);
  const settled = useSettled(text);
  const parsed = parseRequest(text);
  return (
    <div class="halves">
      <section class="card">
        <fieldset disabled={'fault' in parsed}>
          <Fields
            request={'fault' in parsed ? {} : parsed.request}
            onChange={(request) => setText(formatRequest(request))}
          />
        </fieldset>
        <label for="request">Request as JSON; what is left out takes a default</label>
        <textarea
          id="request"
          rows={18}
          spellcheck={false}
          value={text}
          onInput={(e) => setText(e.currentTarget.value)}
        />
        <Start request={'fault' in parsed ? undefined : parsed.request} />
      </section>
      <section class="card">
        <h2>What it comes to</h2>
        {'fault' in parsed ? <p role="status">Not valid JSON: {parsed.fault}</p> : <Plan text={settled} />}
      </section>
    </div>
  );
}

/** Starts the search, and goes to it. */
function Start({ request }: { readonly request: Draft | undefined }) {
  const [error, setError] = useState<unknown>(undefined);
  const [reading, setReading] = useState('');
  const start = async (): Promise<void> => {
    setError(undefined);
    try {
      // The service says what is wrong with it.
      const { id } = await service().createSearch(request as SearchRequestInput, { onReading: setReading });
      location.hash = hashOf(searchPlace(id));
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <>
      <button type="button" class="main" disabled={request === undefined} onClick={() => void start()}>
        Start the search
      </button>
      <p role="status">{reading}</p>
      {error !== undefined && <Refusal error={error} />}
    </>
  );
}
