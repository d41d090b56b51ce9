import type { WorkerView } from '@compound-search/contracts';

import { formatSeconds } from '../formatting/numbers.ts';
import { type Column, renderTable } from '../formatting/table.ts';

const columns: readonly Column[] = [
  { title: 'id' },
  { title: 'host' },
  { title: 'pid', align: 'right' },
  { title: 'version' },
  { title: 'device' },
  { title: 'state' },
  { title: 'busy', align: 'right' },
  { title: 'seen' },
  { title: 'trains' },
];

/** One line a worker, and below them why any is unfit. */
export function renderWorkers(workers: readonly WorkerView[]): string {
  const table = renderTable(
    columns,
    workers.map((worker) => [
      worker.id,
      worker.host,
      String(worker.pid),
      worker.version,
      worker.device,
      worker.state,
      `${worker.trials.length}/${worker.slots}`,
      `${formatSeconds(worker.silentSeconds)} ago`,
      worker.trials.map(formatTrial).join(', '),
    ]),
  );
  const reasons = workers.flatMap(({ id, unfit }) => (unfit === null ? [] : [`${id} is unfit: ${unfit}`]));
  return [table, ...reasons].join('\n');
}

/** The trial, and how far it is where that is known. */
function formatTrial({ trialId, step, steps }: WorkerView['trials'][number]): string {
  return steps === null ? trialId : `${trialId} ${Math.floor((100 * step) / steps)} %`;
}
