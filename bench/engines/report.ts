import { describeLayout, type Layout, type Result } from './contest.ts';
import type { Family } from './contestants.ts';

/** Figures of one contestant in one layout. */
interface Row {
  readonly engine: string;
  readonly family: Family;
  readonly description: string;
  readonly layout: Layout;
  /** Medians over the rounds. */
  readonly imagesPerSecond: number;
  readonly imagesPerProcessorSecond: number;
}

/** How many times as many images the graph trains as another engine in the same round, both at their best. */
interface Ratio {
  readonly over: Family;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  /** Of images per second of processor time, one thread each. */
  readonly perProcessorSecond: number;
}

/** The outcome of a contest. */
export interface ContestReport {
  readonly rows: readonly Row[];
  readonly ratios: readonly Ratio[];
}

export function reportContest(results: readonly Result[]): ContestReport {
  const graph = bestOf(results, 'graph');
  const others = (['eager', 'pytorch'] as const).filter((family) =>
    results.some(({ contestant }) => contestant.family === family),
  );
  return {
    rows: results.map((result) => ({
      engine: result.contestant.name,
      family: result.contestant.family,
      description: result.ready.description,
      layout: result.layout,
      imagesPerSecond: median(result.imagesPerSecond),
      imagesPerProcessorSecond: median(result.imagesPerProcessorSecond),
    })),
    ratios: others.map((over) => {
      const other = bestOf(results, over);
      const ratios = graph.imagesPerSecond.map((speed, round) => speed / (other.imagesPerSecond[round] ?? NaN));
      return {
        over,
        median: median(ratios),
        lowest: Math.min(...ratios),
        highest: Math.max(...ratios),
        perProcessorSecond: bestPerProcessorSecond(results, 'graph') / bestPerProcessorSecond(results, over),
      };
    }),
  };
}

/** The layout, and of PyTorch the setting, with the highest median. */
function bestOf(results: readonly Result[], family: Family): Result {
  const [best] = results
    .filter(({ contestant }) => contestant.family === family)
    .sort((a, b) => median(b.imagesPerSecond) - median(a.imagesPerSecond));
  if (best === undefined) throw new Error(`There is no result of ${family}`);
  return best;
}

function bestPerProcessorSecond(results: readonly Result[], family: Family): number {
  const own = results.filter(({ contestant }) => contestant.family === family);
  return Math.max(...own.map(({ imagesPerProcessorSecond }) => median(imagesPerProcessorSecond)));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

const familyNames: Readonly<Record<Family, string>> = {
  graph: 'the graph',
  eager: 'eager TensorFlow.js',
  pytorch: 'PyTorch',
};

/** The report as lines of text. */
export function formatReport({ rows, ratios }: ContestReport): string[] {
  const cells = rows.map(({ engine, layout, ...row }) => [
    engine,
    describeLayout(layout),
    thousands(row.imagesPerSecond),
    thousands(row.imagesPerProcessorSecond),
  ]);
  const table = [['engine', 'layout', 'images/s', 'images/core-second'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return [
    ...table.map((row) =>
      row
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    ),
    '',
    ...ratios.map(
      ({ over, median: middle, lowest, highest, perProcessorSecond }) =>
        `the graph over ${familyNames[over]}, each at its best: ${middle.toFixed(2)} times as many images per second ` +
        `(${lowest.toFixed(2)} to ${highest.toFixed(2)} by round; per core-second ${perProcessorSecond.toFixed(2)})`,
    ),
  ];
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
