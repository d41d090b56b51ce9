import { CandidateTable } from '../parts/candidate-table.tsx';
import { download } from '../parts/download.ts';
import { service } from '../service.ts';
import { isByLoss, type SearchTab } from './search-tab.ts';

/** All candidates, and as a file. */
export function CandidatesTab({ search, leaderboard, place, onChoose }: SearchTab) {
  const save = async (): Promise<void> =>
    download(`leaderboard-${search.id}.csv`, 'text/csv', await service().leaderboardCsv(search.id));
  return (
    <section class="card">
      <div class="row">
        <h2>{leaderboard.rows.length} candidates</h2>
        <button type="button" onClick={() => void save()}>
          Download CSV
        </button>
      </div>
      <CandidateTable
        rows={leaderboard.rows}
        isByLoss={isByLoss(search)}
        chosen={place.candidate}
        onChoose={onChoose}
      />
      <p class="quiet">
        Accuracy: mean over seeds ± standard error, on validation images. Behind: how much better the best is, with the
        bounds of 95 %. Best: probability of being the best. Tied: cannot be told from the best with a probability of 95
        %.
      </p>
    </section>
  );
}
