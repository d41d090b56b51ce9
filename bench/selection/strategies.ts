/**
 * How often each strategy finds the best candidate, at what part of the full grid's work, and whether what it states at
 * its end holds, on made-up searches whose best is known. `npm run bench:selection` runs it; nothing is trained.
 *
 *     node --import tsx bench/selection/strategies.ts [--replications 1000] [--candidates 3,7,20]
 *       [--surfaces ridge] [--contestants 'full;racing'] [--seeds 16] [--set '{"kind":"racing","batch":8}'] [--processes 2]
 *       [--first 1] [--out part.json] [--add part.json --add other.json]
 *
 * `--out` keeps what the replications from `--first` on come to, and `--add` shows the sum of what was kept instead.
 */
import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { type Contestant, contestant } from './play.ts';
import { add, nothing, type Tally, type Task } from './strategies-replication.ts';
import { surfaceName, surfaces } from './surfaces.ts';

const { values: options } = parseArgs({
  options: {
    replications: { type: 'string', default: '1000' },
    candidates: { type: 'string', default: '3,7,20,60,200' },
    surfaces: { type: 'string', default: '' },
    contestants: { type: 'string', default: '' },
    seeds: { type: 'string', default: '32' },
    set: { type: 'string' },
    processes: { type: 'string', default: String(availableParallelism()) },
    first: { type: 'string', default: '1' },
    out: { type: 'string' },
    add: { type: 'string', multiple: true },
  },
});

const seeds = Number(options.seeds);
const contestants: readonly Contestant[] =
  options.set === undefined
    ? [
        contestant('full', seeds, { kind: 'full' }),
        contestant('racing', seeds, { kind: 'racing' }),
        contestant('racing, rungs', seeds, { kind: 'racing', rungs: { minimumEpochs: 2 } }),
        contestant('halving', seeds, { kind: 'halving' }),
      ]
    : [contestant(options.set, seeds, JSON.parse(options.set) as unknown)];

/** Replications that a process does at once. */
const chunk = 10;

interface Row {
  readonly label: string;
  readonly tasks: readonly Task[];
  tally: Tally;
}

function rowOf(label: string, task: Omit<Task, 'first' | 'last'>, start: number, replications: number): Row {
  const tasks = Array.from({ length: Math.ceil(replications / chunk) }, (_, index) => ({
    ...task,
    first: start + index * chunk,
    last: start + Math.min(replications, (index + 1) * chunk) - 1,
  }));
  return { label, tasks, tally: nothing };
}

function percent(part: number, whole: number, digits = 1): string {
  return whole === 0 ? '-' : ((100 * part) / whole).toFixed(digits);
}

/** What a row came to, as it is kept. The replications of a label are those from `first` on. */
interface Kept {
  readonly label: string;
  readonly first: number;
  readonly tally: Tally;
}

const kept: Kept[] = [];

function keep({ label, tally, tasks }: Row): void {
  kept.push({ label, first: tasks[0]?.first ?? 1, tally });
  if (options.out !== undefined) writeFileSync(options.out, JSON.stringify(kept));
}

/** The rows of several runs. A replication that is in two of them would feign independent evidence. */
function addKept(paths: readonly string[]): Pick<Row, 'label' | 'tally'>[] {
  const all = paths.flatMap((path) => JSON.parse(readFileSync(path, 'utf8')) as Kept[]);
  return [...new Set(all.map(({ label }) => label))].map((label) => {
    const own = all.filter((one) => one.label === label).sort((one, other) => one.first - other.first);
    own.reduce((end, { first, tally }) => {
      if (first < end) throw new Error(`Replication ${first} of ${label} is there twice.`);
      return first + tally.replications;
    }, 0);
    return { label, tally: own.reduce((sum, { tally }) => add(sum, tally), nothing) };
  });
}

function show({ label, tally }: Pick<Row, 'label' | 'tally'>): void {
  const { replications, best, asGood, share, largestShare, trials, rounds, sure, sureAndRight, stated } = tally;
  const cells = [
    ...[percent(best, replications), percent(asGood, replications), percent(share, replications)],
    ...[percent(largestShare, 1, 0), (trials / replications).toFixed(1), (rounds / replications).toFixed(1)],
    ...[percent(sure, replications, 0), percent(stated, sure), percent(sureAndRight, sure)],
  ];
  console.log(`| ${label} | ${cells.join(' | ')} |`);
}

interface Queued {
  readonly row: Row;
  readonly task: Task;
}

/** Gives a process one task after the other, as long as there are any, and shows each row that has become complete. */
async function work(queue: Queued[]): Promise<void> {
  const worker = fork(new URL('strategies-worker.ts', import.meta.url));
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { row, task } = next;
    const done = new Promise<Tally>((resolve, reject) => {
      worker.removeAllListeners();
      worker.once('message', (tally: Tally) => resolve(tally));
      worker.once('exit', (code) => reject(new Error(`A process of the benchmark ended with ${code}.`)));
    });
    worker.send(task);
    const tally = await done;
    row.tally = add(row.tally, tally);
    if (row.tally.replications < row.tasks.reduce((sum, { first, last }) => sum + last - first + 1, 0)) continue;
    show(row);
    keep(row);
  }
  worker.removeAllListeners();
  worker.disconnect();
}

const rows = options.candidates.split(',').flatMap((candidates) =>
  surfaces
    .filter((surface) => surfaceName(surface).includes(options.surfaces))
    .flatMap((surface) =>
      contestants
        .filter(({ name }) => options.contestants === '' || options.contestants.split(';').includes(name))
        .map((one) => {
          const task = { surface, candidates: Number(candidates), contestant: one };
          return rowOf(
            `${surfaceName(surface)} | ${candidates} | ${one.name}`,
            task,
            Number(options.first),
            Number(options.replications),
          );
        }),
    ),
);

console.log(
  '| surface | candidates | strategy | best % | as good % | work % | at most % | trials | rounds | sure % | stated % | right % |',
);
console.log(`|${' --- |'.repeat(12)}`);
for (const row of addKept(options.add ?? [])) show(row);
const queue = options.add === undefined ? rows.flatMap((row) => row.tasks.map((task) => ({ row, task }))) : [];
await Promise.all(Array.from({ length: Number(options.processes) }, () => work(queue)));
