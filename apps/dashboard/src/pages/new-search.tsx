import type { SearchPlan, SearchRequestInput } from '@compound-search/contracts';
import { useEffect, useState } from 'preact/hooks';

import { hashOf, searchPlace } from '../address.ts';
import { counted, formatCount, formatSeconds } from '../formatting/numbers.ts';
import { describeError } from '../formatting/words.ts';
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
      {start.value !== undefined && <Form start={JSON.stringify(start.value, null, 2)} />}
    </>
  );
}

/** What is written, or why it is no JSON. */
function parse(text: string): { readonly request: SearchRequestInput } | { readonly fault: string } {
  try {
    return { request: JSON.parse(text) as SearchRequestInput };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

function Form({ start }: { readonly start: string }) {
  const [text, setText] = useState(start);
  const [settled, setSettled] = useState(start);
  const [error, setError] = useState<unknown>(undefined);
  const [reading, setReading] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), typingPause);
    return () => clearTimeout(timer);
  }, [text]);
  const parsed = parse(text);
  const submit = async (): Promise<void> => {
    if ('fault' in parsed) return;
    setError(undefined);
    try {
      const { id } = await service().createSearch(parsed.request, { onReading: setReading });
      location.hash = hashOf(searchPlace(id));
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <form
      class="halves"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <section class="card">
        <label for="request">Request as JSON; what is left out takes a default</label>
        <textarea
          id="request"
          rows={24}
          spellcheck={false}
          value={text}
          onInput={(e) => setText(e.currentTarget.value)}
        />
        <button type="submit" class="main" disabled={'fault' in parsed}>
          Start the search
        </button>
        <p role="status">{reading}</p>
        {error !== undefined && <Refusal error={error} />}
      </section>
      <section class="card">
        <h2>What it comes to</h2>
        {'fault' in parsed ? <p role="status">Not valid JSON: {parsed.fault}</p> : <Plan text={settled} />}
      </section>
    </form>
  );
}

function Refusal({ error }: { readonly error: unknown }) {
  const { title, remedy } = describeError(error);
  return (
    <p class="notice bad" role="alert">
      <strong>{title}.</strong> {remedy}
    </p>
  );
}

function Plan({ text }: { readonly text: string }) {
  const { value, error } = useOnce(text, async () => {
    const parsed = parse(text);
    return 'request' in parsed ? service().plan(parsed.request) : undefined;
  });
  if (error !== undefined) return <Refusal error={error} />;
  if (value === undefined) return <p class="quiet">Counting.</p>;
  return <PlanText plan={value} />;
}

function PlanText({ plan }: { readonly plan: SearchPlan }) {
  const { work, expected, candidates } = plan;
  const ratios = candidates.map(({ macsRatio }) => macsRatio);
  const most = work.atMost ? 'at most ' : '';
  return (
    <>
      <p class="funnel">
        {counted(plan.points, 'point')} → {plan.feasiblePoints} feasible → {counted(candidates.length, 'candidate')} →{' '}
        {most}
        {counted(work.trials, 'trial')}
      </p>
      <p>
        Exact cost: {Math.min(...ratios).toFixed(2)} to {Math.max(...ratios).toFixed(2)} times the baseline's{' '}
        {formatCount(plan.baseline.macs)} multiply-adds.
      </p>
      <p>
        {expected === null
          ? 'How long it takes is known once a trial has completed here.'
          : `It takes ${most}about ${formatSeconds(expected.seconds)} at the speed of ${counted(expected.trials, 'earlier trial')}.`}
      </p>
      {plan.notes.map((note) => (
        <p key={note} class="notice">
          {note}
        </p>
      ))}
    </>
  );
}
