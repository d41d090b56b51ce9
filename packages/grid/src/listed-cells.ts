import { countsWithRepeats } from '@compound-search/networks';

import type { Band } from './constraint-band.ts';
import { type Cell, cellOf, countsByResolution, type ExactSpace, firstIndex } from './exact-space.ts';

/**
 * The networks of a listed grid whose cost lies in the band. Cost grows with depth, since a block more adds something, and
 * with resolution, since every map does: so for each choice of channels the networks sought lie between two resolutions,
 * and for each of these between two depths, which bisection finds. Nothing is assumed of channels, where a shortcut that
 * needs no projection can make the wider network the cheaper one.
 */
export function* listedCells(space: ExactSpace, { least, most }: Band): Generator<Cell> {
  const depths = space.depths.levels;
  const resolutions = space.resolutions.levels;
  const [shallowest, deepest] = [depths[0], depths.at(-1)];
  if (shallowest === undefined || deepest === undefined) return;
  for (const width of space.widths.levels) {
    const countsAt = countsByResolution(space, width);
    const ratioAt = (index: number, repeats: readonly number[]): number =>
      space.ratioOf(countsWithRepeats(countsAt(index, resolutions[index]?.sizes ?? []), repeats));
    const start = firstIndex(0, resolutions.length, (index) => ratioAt(index, deepest.sizes) >= least);
    for (const [offset, { values: gammas, sizes }] of resolutions.slice(start).entries()) {
      const index = start + offset;
      if (ratioAt(index, shallowest.sizes) > most) break;
      const reaches = (bound: number) => (depth: number) => ratioAt(index, depths[depth]?.sizes ?? []) >= bound;
      const first = firstIndex(0, depths.length, reaches(least));
      const end = firstIndex(first, depths.length, reaches(most));
      for (const depth of depths.slice(first, end)) {
        yield cellOf(space, { depth, width, gammas }, countsAt(index, sizes));
      }
    }
  }
}
