import type { SearchView } from '@compound-search/contracts';

import { hashOf, type SearchPlace, type Tab, tabs } from '../address.ts';
import { counted, formatSeconds } from '../formatting/numbers.ts';
import { describeState, isWaiting } from '../formatting/words.ts';
import { Progress, State } from '../parts/state.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { Verbs } from '../parts/verbs.tsx';
import { changesOf, service } from '../service.ts';
import { useOnce, useReading } from '../use-reading.ts';
import { AnswerTab } from './answer.tsx';
import { CandidatesTab } from './candidates.tsx';
import { OverviewTab } from './overview.tsx';
import { RequestTab } from './request.tsx';
import type { SearchTab } from './search-tab.ts';
import { hasEnded, nameOf } from './searches.tsx';
import { TrialsTab } from './trials.tsx';

const titles: Readonly<Record<Tab, string>> = {
  overview: 'Overview',
  candidates: 'Candidates',
  trials: 'Trials',
  answer: 'Answer',
  request: 'Request',
};

/** One search, live. */
export function SearchPage({ place, onSignIn }: { readonly place: SearchPlace; readonly onSignIn: () => void }) {
  const reading = useReading(
    place.id,
    () => service().getSearch(place.id),
    hasEnded,
    (signal) => changesOf(place.id, signal),
  );
  const { value: search, now } = reading;
  if (search === undefined && reading.error === undefined) return <p class="quiet">Reading the search.</p>;
  return (
    <>
      <Trouble reading={reading} onSignIn={onSignIn} />
      {search !== undefined && (
        <>
          <Head search={search} onChange={now} />
          <nav class="tabs" aria-label="Parts of the search">
            {tabs.map((tab) => (
              <a key={tab} href={hashOf({ ...place, tab })} aria-current={tab === place.tab ? 'page' : undefined}>
                {titles[tab]}
              </a>
            ))}
          </nav>
          <Body search={search} place={place} />
        </>
      )}
    </>
  );
}

function Head({ search, onChange }: { readonly search: SearchView; readonly onChange: () => void }) {
  const { trials, progress } = search;
  return (
    <section class="head">
      <h1>{nameOf(search)}</h1>
      <State state={search.state} />
      {!hasEnded(search) && <Progress search={search} />}
      <span class="quiet">
        {search.points.toLocaleString('en')} points → {search.feasiblePoints} feasible →{' '}
        {counted(search.candidates, 'candidate')}
        {` · ${trials.completed}/${trials.total} trials, ${trials.running} running, ${trials.failed} failed`}
        {progress.secondsLeft !== null &&
          !hasEnded(search) &&
          !isWaiting(search) &&
          ` · ${formatSeconds(progress.secondsLeft)} left`}
      </span>
      <Verbs search={search} onChange={onChange} />
      <p class="sentence" role="status">
        {describeState(search)}
      </p>
    </section>
  );
}

function Body({ search, place }: { readonly search: SearchView; readonly place: SearchPlace }) {
  const { value: leaderboard, error } = useOnce(`${search.revision}`, () => service().leaderboard(search.id));
  if (leaderboard === undefined) return <Trouble reading={{ error }} onSignIn={() => undefined} />;
  const onChoose = (candidate: string): void => {
    // Choosing what is chosen lets it go. It is no step to go back over.
    const next = { ...place, candidate: candidate === place.candidate ? undefined : candidate };
    location.replace(hashOf(next));
  };
  const props: SearchTab = { search, leaderboard, place, onChoose };
  switch (place.tab) {
    case 'overview':
      return <OverviewTab {...props} />;
    case 'candidates':
      return <CandidatesTab {...props} />;
    case 'trials':
      return <TrialsTab {...props} />;
    case 'answer':
      return <AnswerTab {...props} />;
    case 'request':
      return <RequestTab search={search} />;
  }
}
