/**
 * Whether what the product states of its answers holds, over made-up searches whose best candidate is known: of every
 * probability and interval the share that holds, by surface and by the stated value. `npm run bench:calibration` runs it.
 *
 *     node --import tsx bench/selection/calibration.ts [--replications 100] [--first 1] [--candidates 3,7,20]
 *       [--surfaces ridge] [--designs 'racing;2 seeds'] [--out part.json] [--add part.json --add other.json]
 *
 * `--out` keeps what the replications come to, and `--add` shows the sum of what was kept instead of measuring.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { type Bin, type Cell, poolBins, sumBins, Tally } from './calibration-tally.ts';
import { type Design, designs } from './designs.ts';
import { checkStatements, comparisonKind, type StatementKind, statementKinds } from './statements.ts';
import { simulateSearch, type Surface, surfaceName, surfaces } from './surfaces.ts';

const { values: options } = parseArgs({
  options: {
    replications: { type: 'string', default: '100' },
    first: { type: 'string', default: '1' },
    candidates: { type: 'string', default: '3,7,20' },
    surfaces: { type: 'string', default: '' },
    designs: { type: 'string', default: designs.map(({ name }) => name).join(';') },
    out: { type: 'string' },
    add: { type: 'string', multiple: true },
  },
});

/** A bin with fewer statements says too little. */
const smallestBin = 300;

function percent(sum: number, count: number): string {
  return count === 0 ? '-' : ((100 * sum) / count).toFixed(1);
}

function both({ count, stated, held }: Bin): string {
  return `${percent(stated, count)} / ${percent(held, count)}`;
}

function measure(surface: Surface, candidates: number, { name, train }: Design): Cell {
  const [first, replications] = [Number(options.first), Number(options.replications)];
  const tally = new Tally();
  for (let replication = first; replication < first + replications; replication++) {
    const search = simulateSearch(surface, candidates, replication);
    for (const statement of checkStatements(train(search), search)) tally.add(statement);
  }
  return {
    ...{ shape: surface.shape, noise: surface.noise, candidates, design: name },
    replications: [[first, first + replications - 1]],
    bins: tally.toBins(),
  };
}

function measureAll(): Cell[] {
  const cells: Cell[] = [];
  for (const surface of surfaces.filter((one) => surfaceName(one).includes(options.surfaces))) {
    for (const candidates of options.candidates.split(',').map(Number)) {
      for (const design of designs.filter(({ name }) => options.designs.split(';').includes(name))) {
        cells.push(measure(surface, candidates, design));
        if (options.out !== undefined) writeFileSync(options.out, JSON.stringify(cells));
      }
    }
  }
  return cells;
}

/** The cells of several runs. A replication that is in two of them would feign independent evidence. */
function readAll(paths: readonly string[]): Cell[] {
  const cells = paths.flatMap((path) => JSON.parse(readFileSync(path, 'utf8')) as Cell[]);
  const seen = new Set<string>();
  for (const { shape, noise, candidates, design, replications } of cells) {
    for (const [first, last] of replications) {
      for (let replication = first; replication <= last; replication++) {
        const key = `${shape}, ${noise}, ${candidates} candidates, ${design}, replication ${replication}`;
        if (seen.has(key)) throw new Error(`${key} is there twice.`);
        seen.add(key);
      }
    }
  }
  return cells;
}

function printRow(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}

function printHead(columns: readonly string[]): void {
  console.log();
  printRow(columns);
  printRow(columns.map(() => '---'));
}

function printBins(cells: readonly Cell[]): void {
  printHead(['statement', '', 'stated', 'held', 'statements']);
  for (const kind of statementKinds) {
    const bins = poolBins(cells, kind);
    const all = sumBins(bins);
    printRow([kind, 'all', percent(all.stated, all.count), percent(all.held, all.count), String(all.count)]);
    for (const { count, stated, held } of bins) {
      if (count < smallestBin || count === all.count) continue;
      printRow(['', '', percent(stated, count), percent(held, count), String(count)]);
    }
  }
}

function printGroups(cells: readonly Cell[], title: string, nameOf: (cell: Cell) => string): void {
  printHead([title, 'searches', ...statementKinds]);
  for (const name of new Set(cells.map(nameOf))) {
    const own = cells.filter((cell) => nameOf(cell) === name);
    const bins = statementKinds.map((kind) => sumBins(poolBins(own, kind)));
    printRow([name, String(bins[0]?.count ?? 0), ...bins.map(both)]);
  }
}

/** The tied set beside Hsu's, where that can be made. */
function printSets(cells: readonly Cell[]): void {
  printHead(['searches of the same seeds for all', 'tied set holds the best', 'size', "Hsu's holds the best", 'size']);
  const row = (own: readonly Cell[], name: string): void => {
    const kinds: StatementKind[] = ['the best is the winner or tied with it', comparisonKind];
    const sets = kinds.map((kind) => sumBins(poolBins(own, kind)));
    printRow([
      name,
      ...sets.flatMap(({ count, held, size }) => [percent(held, count), count === 0 ? '-' : (size / count).toFixed(1)]),
    ]);
  };
  const countOf = ({ bins }: Cell, kind: StatementKind): number => sumBins(bins[kind] ?? []).count;
  // Races that happen to end with the same seeds for all would be a selection.
  const comparable = cells.filter((cell) => countOf(cell, comparisonKind) === countOf(cell, statementKinds[0]));
  const nameOf = ({ noise, candidates, design }: Cell): string => `${noise}, ${candidates} candidates, ${design}`;
  for (const name of new Set(comparable.map(nameOf))) {
    row(
      comparable.filter((cell) => nameOf(cell) === name),
      name,
    );
  }
}

const cells = options.add === undefined ? measureAll() : readAll(options.add);
const normal = cells.filter(({ noise }) => noise === 'normal');
console.log('Every figure is stated / held, in percent.\n\nPooled over the surfaces with normal noise:');
printBins(normal);
console.log('\nBy number of candidates, design and noise:');
printGroups(cells, 'noise, candidates, design', (cell) => `${cell.noise}, ${cell.candidates}, ${cell.design}`);
printGroups(cells, 'surface, noise, design', (cell) => `${cell.shape}, ${cell.noise}, ${cell.design}`);
printSets(cells);
