import type { LeaderboardRow } from '@compound-search/contracts';

import {
  formatCoefficient,
  formatCount,
  formatDifference,
  formatEstimate,
  formatInterval,
  formatLoss,
  formatPercent,
  formatResolution,
} from '../formatting/numbers.ts';

interface CandidateTableProps {
  readonly rows: readonly LeaderboardRow[];
  readonly isByLoss: boolean;
  readonly chosen: string | undefined;
  readonly onChoose: (candidateId: string) => void;
}

interface Column {
  readonly title: string;
  readonly isNumber: boolean;
  readonly cell: (row: LeaderboardRow) => string;
}

function number(title: string, cell: Column['cell']): Column {
  return { title, isNumber: true, cell };
}

function columnsFor(rows: readonly LeaderboardRow[], isByLoss: boolean): Column[] {
  const isLabelled = rows.some(({ points }) => points.some(({ label }) => label !== undefined));
  return [
    number('α', ({ points: [point] }) => (point === undefined ? '' : formatCoefficient(point.alpha))),
    number('β', ({ points: [point] }) => (point === undefined ? '' : formatCoefficient(point.beta))),
    number('γ', ({ points: [point] }) => (point === undefined ? '' : formatCoefficient(point.gamma))),
    ...(isLabelled
      ? [
          {
            title: 'label',
            isNumber: false,
            cell: ({ points }: LeaderboardRow) => points.flatMap(({ label }) => label ?? []).join(', '),
          },
        ]
      : []),
    number('MACs', ({ macs }) => formatCount(macs)),
    number('ratio', ({ macsRatio }) => macsRatio.toFixed(2)),
    number('parameters', ({ parameters }) => formatCount(parameters)),
    number('pixels', ({ resolution }) => formatResolution(resolution)),
    number('accuracy', ({ validationAccuracy, trials }) =>
      validationAccuracy === null ? withoutResult(trials) : formatEstimate(validationAccuracy),
    ),
    ...(isByLoss
      ? [number('loss', ({ validationLoss }) => (validationLoss === null ? '' : formatLoss(validationLoss)))]
      : []),
    number(isByLoss ? 'behind (nats)' : 'behind (points)', ({ behindBest }) =>
      behindBest === null ? '' : formatDifference(behindBest, isByLoss),
    ),
    number('95 %', ({ behindBest }) =>
      behindBest?.interval == null ? '' : formatInterval(behindBest.interval, isByLoss),
    ),
    number('best', ({ probabilityBest }) => (probabilityBest === null ? '' : formatPercent(probabilityBest, 0))),
    { title: 'tied', isNumber: false, cell: ({ tied }) => (tied ? 'tied' : '') },
    number('seeds', ({ trials }) => `${trials.completed}/${trials.total}`),
  ];
}

function withoutResult({ failedBy, running, queued, paused }: LeaderboardRow['trials']): string {
  if (failedBy.training > 0) return 'failed';
  if (running > 0) return 'running';
  if (queued > 0) return 'queued';
  return paused > 0 ? 'paused' : 'lost';
}

/** Candidates, best first, with how far each is behind and how sure that is. */
export function CandidateTable({ rows, isByLoss, chosen, onChoose }: CandidateTableProps) {
  const columns = columnsFor(rows, isByLoss);
  return (
    <div class="scroll" tabindex={0} role="region" aria-label="Candidates">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">rank</th>
            {columns.map(({ title, isNumber }) => (
              <th key={title} scope="col" class={isNumber ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.candidateId} class={row.candidateId === chosen ? 'chosen-row' : undefined}>
              <td>
                <button
                  type="button"
                  class="choose"
                  aria-pressed={row.candidateId === chosen}
                  aria-label={`Mark the candidate of rank ${row.rank ?? 'unknown'} in the pictures`}
                  onClick={() => onChoose(row.candidateId)}
                >
                  {row.rank ?? '–'}
                </button>
              </td>
              {columns.map(({ title, isNumber, cell }) => (
                <td key={title} class={isNumber ? 'number' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
