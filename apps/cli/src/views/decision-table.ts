import type { DecisionView, Leaderboard, SearchView, StopReason } from '@compound-search/contracts';

import { formatDifference, formatPercent } from '../formatting/numbers.ts';
import { type Column, renderTable } from '../formatting/table.ts';
import { formatPoint } from './leaderboard-table.ts';

/** What is shown of the decisions of a search. */
export interface DecisionList {
  readonly search: SearchView;
  /** In the order of the rounds. */
  readonly decisions: readonly DecisionView[];
  /** Says which point a candidate is. */
  readonly leaderboard: Pick<Leaderboard, 'rows'>;
}

const columns: readonly Column[] = [
  { title: 'round', align: 'right' },
  { title: 'candidate' },
  { title: 'seed', align: 'right' },
  { title: 'until epoch', align: 'right' },
  { title: 'leader before' },
  { title: 'best', align: 'right' },
  { title: 'as good', align: 'right' },
];

const reasons: Readonly<Record<StopReason, string>> = {
  confidence: 'the leader is the best with the confidence that was asked for',
  indifference: 'with the confidence that was asked for, the leader is as good as the best',
  budget: 'what may be spent is spent',
  exhausted: 'there is nothing left to assign',
};

type Namer = (fingerprint: string) => string;

/** One line for each training that a decision assigned, then who was dropped, and why nothing more is assigned. */
export function renderDecisions({ search, decisions, leaderboard }: DecisionList): string {
  const { request, state, stop } = search;
  if (request.strategy.kind === 'full') return 'Every candidate gets every seed: there is nothing to decide.';
  const points = new Map(leaderboard.rows.map(({ fingerprint, points: [point] }) => [fingerprint, point]));
  const nameOf: Namer = (fingerprint) => {
    const point = points.get(fingerprint);
    return point === undefined ? fingerprint : formatPoint(point);
  };
  return [
    renderTable(
      columns,
      decisions.flatMap((decision) => rowsOf(decision, nameOf)),
    ),
    'Best: probability that the leader is the best. As good: that it is the best or within ' +
      `${formatDifference(request.strategy.indifference, request.objective)} of it. Both by what was known two rounds before.`,
    ...decisions.flatMap((decision) => dropLines(decision, nameOf)),
    ...(stop === null ? [] : [`Round ${search.round} was the last: ${reasons[stop]}.`]),
    ...(stop === null && (state === 'running' || state === 'paused')
      ? [`Round ${search.round} is the last so far.`]
      : []),
  ].join('\n');
}

function rowsOf({ round, assignments, evidence }: DecisionView, nameOf: Namer): string[][] {
  const { leader, probabilityBest, probabilityIndifferent } = evidence;
  const known = [leader === null ? '' : nameOf(leader), percent(probabilityBest), percent(probabilityIndifferent)];
  if (assignments.length === 0) return [[String(round), 'nothing', '', '', ...known]];
  return assignments.map(({ fingerprint, seed, epochs }, place) => [
    place === 0 ? String(round) : '',
    nameOf(fingerprint),
    String(seed),
    epochs === null ? 'the last' : String(epochs),
    ...(place === 0 ? known : ['', '', '']),
  ]);
}

function percent(probability: number | null): string {
  return probability === null ? '' : formatPercent(probability, 1);
}

function dropLines({ round, drops }: DecisionView, nameOf: Namer): string[] {
  return drops.map(({ fingerprint, epochs, reason }) => {
    const where = epochs === null ? '' : ` after epoch ${epochs}`;
    return `Round ${round}: ${nameOf(fingerprint)} gets nothing more${where}. ${reason}`;
  });
}
