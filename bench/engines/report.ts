import { describeLayout, type Layout, type Result } from './contest.ts';
import { families, type Family } from './contestants.ts';
import type { HeatOutcome } from './heats.ts';
import { median, ratios } from './statistics.ts';

/** Figures of one entry. */
export interface Row {
  readonly engine: string;
  readonly family: Family;
  readonly description: string;
  readonly layout: Layout;
  /** In its heat, alone and for one turn. */
  readonly heatImagesPerSecond: number;
  /** Medians over the rounds of the final; null where it was not in it. */
  readonly imagesPerSecond: number | null;
  readonly imagesPerProcessorSecond: number | null;
}

/** How many times as many images the graph trains as another engine in the same round, both at their best. */
export interface Ratio {
  readonly over: Family;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  /** Of images per second of processor time. */
  readonly perProcessorSecond: number;
}

/** The outcome of heats and final on one job. */
export interface ContestReport {
  readonly rows: readonly Row[];
  /** Settings that could not run the network, and why. */
  readonly failures: readonly { readonly engine: string; readonly layout: Layout; readonly reason: string }[];
  readonly ratios: readonly Ratio[];
}

export function reportContest(heats: HeatOutcome, final: readonly Result[]): ContestReport {
  const graph = bestOf(final, 'graph');
  return {
    rows: heats.results.map((heat) => {
      const own = final.find(({ contestant, layout }) => contestant === heat.contestant && layout === heat.layout);
      return {
        engine: heat.contestant.name,
        family: heat.contestant.family,
        description: heat.ready.description,
        layout: heat.layout,
        heatImagesPerSecond: median(heat.imagesPerSecond),
        imagesPerSecond: own === undefined ? null : median(own.imagesPerSecond),
        imagesPerProcessorSecond: own === undefined ? null : median(own.imagesPerProcessorSecond),
      };
    }),
    failures: heats.refusals.map(({ entry: { contestant, layout }, reason }) => ({
      engine: contestant.name,
      layout,
      reason,
    })),
    ratios: families
      .filter((family) => family !== 'graph' && final.some(({ contestant }) => contestant.family === family))
      .map((family) => ratioOf(graph, bestOf(final, family))),
  };
}

function ratioOf(graph: Result, other: Result): Ratio {
  const byRound = ratios(graph.imagesPerSecond, other.imagesPerSecond);
  return {
    over: other.contestant.family,
    median: median(byRound),
    lowest: Math.min(...byRound),
    highest: Math.max(...byRound),
    perProcessorSecond: median(graph.imagesPerProcessorSecond) / median(other.imagesPerProcessorSecond),
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

/** One row as cells: engine, layout, images per second in the heat and in the final, and per core-second. */
export function cellsOf({ engine, layout, ...row }: Row): string[] {
  const figure = (value: number | null): string => (value === null ? '-' : Math.round(value).toLocaleString('en-US'));
  return [
    engine,
    describeLayout(layout),
    figure(row.heatImagesPerSecond),
    figure(row.imagesPerSecond),
    figure(row.imagesPerProcessorSecond),
  ];
}
