import { baselineName, isEndedSearchState, type SearchView } from '@compound-search/contracts';

import { hashOf, searchPlace } from '../address.ts';
import { formatCoefficient, formatEstimate, formatLoss } from '../formatting/numbers.ts';
import { Progress, State } from '../parts/state.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { service } from '../service.ts';
import { useReading } from '../use-reading.ts';

const pageSize = 50;

/** Whether a state is a last one, but for a retry. */
export function hasEnded({ state }: Pick<SearchView, 'state'>): boolean {
  return isEndedSearchState(state);
}

/** All searches, newest first. */
export function SearchesPage({ onSignIn }: { readonly onSignIn: () => void }) {
  // Somebody may post another one at any time.
  const reading = useReading(
    'searches',
    () => service().listSearches({ limit: pageSize }),
    () => false,
  );
  const { value } = reading;
  return (
    <>
      <Trouble reading={reading} onSignIn={onSignIn} />
      {value !== undefined && (
        <section class="card">
          <h1>Searches</h1>
          {value.items.length === 0 ? <Nothing /> : <SearchTable searches={value.items} />}
          {value.next !== null && <p class="quiet">The newest {pageSize} are shown.</p>}
        </section>
      )}
    </>
  );
}

function Nothing() {
  return (
    <p>
      There is no search yet. <a href={hashOf({ page: 'new', from: undefined })}>Start one here</a>, or post one to{' '}
      <code>/v1/searches</code>.
    </p>
  );
}

function SearchTable({ searches }: { readonly searches: readonly SearchView[] }) {
  return (
    <div class="scroll" tabindex={0} role="region" aria-label="Searches">
      <table>
        <thead>
          <tr>
            {['name', 'state', 'progress', 'candidates', 'trials', 'best', 'baseline', 'data'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {searches.map((search) => (
            <tr key={search.id}>
              <th scope="row">
                <a href={hashOf(searchPlace(search.id))}>{nameOf(search)}</a>
              </th>
              <td>
                <State state={search.state} />
              </td>
              <td>{hasEnded(search) ? <Ended search={search} /> : <Progress search={search} />}</td>
              <td class="number">{search.candidates}</td>
              <td class="number">
                {search.trials.completed}/{search.trials.total}
              </td>
              <td>
                <Best search={search} />
              </td>
              <td>{baselineName(search.request.baseline)}</td>
              <td>{search.request.dataset}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Its name, or the begin of its id. */
export function nameOf({ id, request }: SearchView): string {
  return request.name ?? `Search ${id.slice(0, 8)}`;
}

function Ended({ search: { endedAt } }: { readonly search: SearchView }) {
  return endedAt === null ? null : <time dateTime={endedAt}>{new Date(endedAt).toLocaleString()}</time>;
}

/** The first row; read again only when the search has changed. */
function Best({ search }: { readonly search: SearchView }) {
  const reading = useReading(
    `${search.id} ${search.revision}`,
    () => service().leaderboard(search.id, { minimumTrials: 1 }),
    () => true,
  );
  const [row] = reading.value?.rows ?? [];
  if (row?.validationAccuracy == null)
    return <span class="quiet">{reading.value === undefined ? '…' : 'no result yet'}</span>;
  const [point] = row.points;
  return (
    <>
      {row.validationLoss === null ? formatEstimate(row.validationAccuracy) : formatLoss(row.validationLoss)}
      {point !== undefined && (
        <span class="quiet"> ({[point.alpha, point.beta, point.gamma].map(formatCoefficient).join(', ')})</span>
      )}
    </>
  );
}
