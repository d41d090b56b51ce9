import { type Statement, type StatementKind } from './statements.ts';

/** Bounds of the stated probability by which statements are sorted into bins. */
export const bounds = [0, 0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0001];

/** Statements of one kind and bin: how many, and the sums of what was stated, of what held and of the sizes of sets. */
export interface Bin {
  readonly count: number;
  readonly stated: number;
  readonly held: number;
  readonly size: number;
}

export const emptyBin: Bin = { count: 0, stated: 0, held: 0, size: 0 };

export function addBins(one: Bin, other: Bin): Bin {
  return {
    count: one.count + other.count,
    stated: one.stated + other.stated,
    held: one.held + other.held,
    size: one.size + other.size,
  };
}

/** What searches of one surface, number of candidates and design come to. */
export interface Cell {
  readonly shape: string;
  readonly noise: string;
  readonly candidates: number;
  readonly design: string;
  /** Replications that are in it: none of them twice. */
  readonly replications: readonly (readonly [first: number, last: number])[];
  /** Bins of each kind of statement, in the order of {@link bounds}. */
  readonly bins: Readonly<Partial<Record<StatementKind, readonly Bin[]>>>;
}

function binOf(stated: number): number {
  return bounds.findLastIndex((bound) => stated >= bound);
}

export class Tally {
  readonly #bins = new Map<StatementKind, Bin[]>();

  add({ kind, stated, held, size }: Statement): void {
    const bins = this.#bins.get(kind) ?? bounds.slice(1).map(() => emptyBin);
    this.#bins.set(kind, bins);
    const index = binOf(stated);
    bins[index] = addBins(bins[index] ?? emptyBin, { count: 1, stated, held: Number(held), size });
  }

  toBins(): Cell['bins'] {
    return Object.fromEntries(this.#bins);
  }
}

/** The bins of one kind over all cells. */
export function poolBins(cells: readonly Cell[], kind: StatementKind): Bin[] {
  return bounds
    .slice(1)
    .map((_, index) => cells.reduce((sum, { bins }) => addBins(sum, bins[kind]?.[index] ?? emptyBin), emptyBin));
}

export function sumBins(bins: readonly Bin[]): Bin {
  return bins.reduce(addBins, emptyBin);
}
