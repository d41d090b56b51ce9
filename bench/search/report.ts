import { median, ratios } from '../engines/statistics.ts';
import { formatTable, thousands } from '../training/table.ts';
import { type AccuracyOffset, accuracyOffset, type Standing, standingOf } from './agreement.ts';
import type { Claim, GivenTraining, Outcome } from './outcome.ts';
import type { Performance } from './rounds.ts';
import type { SearchJob } from './search-job.ts';

/** What one contestant needed and named. */
export interface Row {
  readonly name: string;
  readonly description: string;
  /** By round. */
  readonly wallSeconds: readonly number[];
  /** Median over the rounds; null where it is not told. */
  readonly processorSeconds: number | null;
  /** Of the first round, those of the winner's test included. */
  readonly trainings: number;
  readonly testTrainings: number;
  /** MACs of one image's forward pass times the images that were trained on. */
  readonly macsTimesImages: number;
  /** The points that it names as the best, by round. */
  readonly best: readonly Point[];
  /** What it says of its answers, by round. */
  readonly claims: readonly (Claim | null)[];
  /** Among the results of the full grid, by round; null where nobody trained it. */
  readonly standings: readonly Standing[] | null;
}

interface Point {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}

/** Another contestant held against the first. */
export interface Ratio {
  readonly name: string;
  /** How many times as long it takes as the first in the same round. */
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  /** Accuracies of the first less its own; null where they have too little in common. */
  readonly offset: AccuracyOffset | null;
}

/** A whole comparison. */
export interface SearchReport {
  readonly candidates: number;
  readonly seeds: number;
  /** Trainings of the full grid, and their MACs times images. */
  readonly grid: { readonly trainings: number; readonly macsTimesImages: number };
  readonly rows: readonly Row[];
  readonly ratios: readonly Ratio[];
}

/** Rows, and ratios over the first contestant. */
export function reportSearches(job: SearchJob, performances: readonly Performance[]): SearchReport {
  const { candidates, request } = job;
  const grid = candidates.flatMap((_, candidate) =>
    request.seeds.map((seed) => ({ candidate, seed, accuracy: NaN, epochs: request.recipe.epochs })),
  );
  const [first, ...others] = performances;
  const whole = findFullGrid(others, grid) ?? findFullGrid(performances, grid) ?? null;
  return {
    candidates: candidates.length,
    seeds: request.seeds.length,
    grid: { trainings: grid.length, macsTimesImages: workOf(grid, job) },
    rows: performances.map((performance) => rowOf(performance, job, whole)),
    ratios: first === undefined ? [] : others.map((other) => ratioOf(first, other, request.recipe.epochs)),
  };
}

/** Trainings of the first contestant that gave every candidate every seed and all epochs. */
function findFullGrid(
  performances: readonly Performance[],
  grid: readonly GivenTraining[],
): readonly GivenTraining[] | undefined {
  const trained = performances.flatMap(({ outcomes: [outcome] }) => (outcome === undefined ? [] : [outcome.trainings]));
  return trained.find((trainings) => {
    const complete = new Set(trainings.map(({ candidate, seed, epochs }) => `${candidate} ${seed} ${epochs}`));
    return grid.every(({ candidate, seed, epochs }) => complete.has(`${candidate} ${seed} ${epochs}`));
  });
}

function rowOf({ name, outcomes }: Performance, job: SearchJob, whole: readonly GivenTraining[] | null): Row {
  const [first] = outcomes;
  if (first === undefined) throw new Error(`${name} has not searched`);
  const processorSeconds = outcomes.map((outcome) => outcome.processorSeconds);
  const all = [...first.trainings, ...first.testTrainings];
  return {
    name,
    description: first.description,
    wallSeconds: outcomes.map(({ wallSeconds }) => wallSeconds),
    processorSeconds: processorSeconds.includes(null) ? null : median(processorSeconds.map(Number)),
    trainings: all.length,
    testTrainings: first.testTrainings.length,
    macsTimesImages: workOf(all, job),
    best: outcomes.map((outcome) => pointOf(outcome, job)),
    claims: outcomes.map(({ claim }) => claim),
    standings: whole === null ? null : outcomes.map(({ best }) => standingOf(best, job, whole)),
  };
}

function pointOf({ best }: Outcome, { candidates }: SearchJob): Point {
  const [point] = candidates[best]?.points ?? [];
  if (point === undefined) throw new Error(`There is no candidate ${best}`);
  const { alpha, beta, gamma } = point;
  return { alpha, beta, gamma };
}

function workOf(trainings: readonly GivenTraining[], { candidates, request }: SearchJob): number {
  const { split, recipe } = request;
  const images = Math.floor(split.trainImages / recipe.batchSize) * recipe.batchSize;
  return trainings.reduce(
    (sum, { candidate, epochs }) => sum + (candidates[candidate]?.macs ?? NaN) * epochs * images,
    0,
  );
}

function ratioOf(first: Performance, other: Performance, epochs: number): Ratio {
  const seconds = (performance: Performance): number[] => performance.outcomes.map(({ wallSeconds }) => wallSeconds);
  const byRound = ratios(seconds(other), seconds(first));
  return {
    name: other.name,
    median: median(byRound),
    lowest: Math.min(...byRound),
    highest: Math.max(...byRound),
    offset: accuracyOffset(first.outcomes[0]?.trainings ?? [], other.outcomes[0]?.trainings ?? [], epochs),
  };
}

/** The report as lines of text. */
export function formatSearches({ candidates, seeds, grid, rows, ratios: quotients }: SearchReport): string[] {
  const [first] = rows;
  return [
    `${candidates} candidates, ${seeds} seeds: ${grid.trainings} trainings, ${giga(grid.macsTimesImages)} in the full grid`,
    '',
    ...formatTable(
      [
        ['', 'seconds', 'processor seconds', 'trainings', 'MACs x images', 'of the grid', 'best', 'in the full grid'],
        ...rows.map((row) => cellsOf(row, grid.macsTimesImages)),
      ],
      1,
    ),
    '',
    ...quotients.flatMap((ratio) => ratioLines(ratio, first?.name ?? '')),
    ...rows.map(({ name, description, claims }) => `${name}: ${[description, ...claimsOf(claims)].join('; ')}`),
  ];
}

function ratioLines({ name, median: middle, lowest, highest, offset }: Ratio, first: string): string[] {
  const range = `${lowest.toFixed(2)} to ${highest.toFixed(2)}`;
  return [
    `${name} takes ${middle.toFixed(2)} times as long as ${first} (${range})`,
    ...(offset === null
      ? []
      : [
          `  ${first} is ${offset.mean.toFixed(2)} ± ${offset.standardError.toFixed(2)} points more accurate in the ${offset.trainings} trainings that both made`,
        ]),
  ];
}

function cellsOf(row: Row, whole: number): string[] {
  const tests = row.testTrainings === 0 ? '' : ` (${row.testTrainings} of them tests)`;
  return [
    row.name,
    median(row.wallSeconds).toFixed(1),
    row.processorSeconds === null ? '-' : row.processorSeconds.toFixed(0),
    `${row.trainings}${tests}`,
    giga(row.macsTimesImages),
    percent(row.macsTimesImages / whole),
    distinct(row.best.map(({ alpha, beta, gamma }) => `(${alpha}, ${beta}, ${gamma})`)),
    row.standings === null ? '-' : distinct(row.standings.map(formatStanding)),
  ];
}

function claimsOf(claims: readonly (Claim | null)[]): string[] {
  const texts = claims.flatMap((claim) => {
    if (claim?.probabilityBest == null) return [];
    const { probabilityBest, probabilityIndifferent, indifference } = claim;
    const best = `it is the best with a probability of ${percent(probabilityBest)}`;
    if (probabilityIndifferent === null || indifference === null) return [best];
    return [
      `${best}, and within ${(100 * indifference).toFixed(1)} points of it with ${percent(probabilityIndifferent)}`,
    ];
  });
  return texts.length === 0 ? [] : [`says that ${distinct(texts)}`];
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function formatStanding({ verdict, behind: { difference, standardError } }: Standing): string {
  if (verdict === 'same') return 'the best';
  const error = standardError === null ? '' : ` ± ${standardError.toFixed(2)}`;
  return `${verdict === 'tied' ? 'tied' : 'WORSE'}, ${difference.toFixed(2)}${error} points behind`;
}

function distinct(texts: readonly string[]): string {
  return [...new Set(texts)].join('; ');
}

function giga(macs: number): string {
  return `${thousands(macs / 1e9)} G`;
}
