import type { LeaderboardRow } from '@compound-search/contracts';

import { hashOf } from '../address.ts';
import { CostChart } from '../charts/cost-chart.tsx';
import { TriangleChart, TriangleLegend } from '../charts/triangle-chart.tsx';
import {
  formatCoefficient,
  formatCount,
  formatEstimate,
  formatInterval,
  formatLoss,
  formatPercent,
  formatResolution,
} from '../formatting/numbers.ts';
import { CandidateTable } from '../parts/candidate-table.tsx';
import { isByLoss, searchMarks, type SearchTab } from './search-tab.ts';
import { hasEnded } from './searches.tsx';

const rowsShown = 8;

/** The answer so far, the evidence under it, and the first candidates. */
export function OverviewTab(tab: SearchTab) {
  const { search, leaderboard, place, onChoose } = tab;
  const byLoss = isByLoss(search);
  const marks = searchMarks(tab);
  const pictures = { marks, isByLoss: byLoss, chosen: place.candidate, onChoose };
  const { rows } = leaderboard;
  const shown = rows.slice(0, rowsShown);
  const chosen = rows.find(({ candidateId }) => candidateId === place.candidate);
  return (
    <>
      <div class="pictures">
        <Leader tab={tab} row={chosen ?? rows.find(({ rank }) => rank === 1)} isChosen={chosen !== undefined} />
        <section class="card">
          <h2>Where on the constraint</h2>
          <TriangleChart {...pictures} exponents={search.request.constraint.exponents} />
          <TriangleLegend marks={marks} isByLoss={byLoss} />
        </section>
        <section class="card">
          <h2>{byLoss ? 'Loss' : 'Accuracy'} against exact cost</h2>
          <CostChart {...pictures} />
          <p class="legend">Filled: cannot be told from the best. Bars: one standard error each way.</p>
        </section>
      </div>
      <section class="card">
        <h2>Candidates</h2>
        <CandidateTable rows={shown} isByLoss={byLoss} chosen={place.candidate} onChoose={onChoose} />
        {rows.length > shown.length && (
          <p>
            {shown.length} of {rows.length} shown. <a href={hashOf({ ...place, tab: 'candidates' })}>All candidates</a>
          </p>
        )}
        {search.notes.map((note) => (
          <p key={note} class="quiet">
            {note}
          </p>
        ))}
      </section>
    </>
  );
}

interface LeaderProps {
  readonly tab: SearchTab;
  readonly row: LeaderboardRow | undefined;
  readonly isChosen: boolean;
}

function Leader({ tab: { search, leaderboard, place }, row, isChosen }: LeaderProps) {
  const [point] = row?.points ?? [];
  if (row === undefined || point === undefined) {
    return (
      <section class="card">
        <h2>Leading</h2>
        <p>{hasEnded(search) ? 'No candidate came to a result.' : 'No candidate has a result yet.'}</p>
      </section>
    );
  }
  const tied = leaderboard.rows.filter((other) => other.tied && other !== row).length;
  return (
    <section class="card leader">
      <h2>{titleOf(row, isChosen, hasEnded(search))}</h2>
      <p class="coefficients">
        <span>α {formatCoefficient(point.alpha)}</span> <span>β {formatCoefficient(point.beta)}</span>{' '}
        <span>γ {formatCoefficient(point.gamma)}</span>
      </p>
      <dl>
        {factsOf(row).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {row.tied && tied > 0 && <p>{tied} other candidates cannot be told from the best with a probability of 95 %.</p>}
      <p>
        <a href={hashOf({ ...place, tab: 'answer' })}>Take the answer with you</a>
      </p>
    </section>
  );
}

function titleOf({ rank }: LeaderboardRow, isChosen: boolean, isFinal: boolean): string {
  if (isChosen) return rank === null ? 'Chosen: no result yet' : `Chosen: rank ${rank}`;
  return isFinal ? 'The answer' : 'Leading so far';
}

function factsOf(row: LeaderboardRow): [string, string][] {
  const { validationAccuracy, validationLoss, expectedAccuracy, probabilityBest } = row;
  return [
    ...(validationAccuracy === null ? [] : [['accuracy', formatEstimate(validationAccuracy)] as [string, string]]),
    ...(validationLoss === null ? [] : [['loss', formatLoss(validationLoss)] as [string, string]]),
    ...(expectedAccuracy === null
      ? []
      : [['expected', `${formatInterval(expectedAccuracy.interval, false)} % (95 %)`] as [string, string]]),
    ['best with', probabilityBest === null ? 'unknown: too few seeds to tell' : formatPercent(probabilityBest, 0)],
    ['exact cost', `${formatCount(row.macs)} MACs, ${row.macsRatio.toFixed(2)}× the baseline's`],
    ['network', `${formatResolution(row.resolution)} px, ${formatCount(row.parameters)} parameters`],
    ...(row.points.length < 2 ? [] : [['points', `${row.points.length} that are this network`] as [string, string]]),
  ];
}
