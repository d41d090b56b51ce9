import type { Constraint, Point } from '@compound-search/contracts';
import {
  countsAtResolution,
  type CountsOfChannels,
  countsOfChannels,
  countsWithRepeats,
  type NetworkCounts,
  scaleBaseline,
} from '@compound-search/networks';
import { multipliers } from '@compound-search/scaling';

import { costMaxima, type CostReference, type Excess, overMaximum, worstExcess } from './exact-cost.ts';
import type { Scaling } from './scaled-levels.ts';

/** Costs the networks of single points; those of equal channels share what depends on the channels. */
function pointCosts({ baseline, scaling }: Scaling): (point: Point) => NetworkCounts {
  const known = new Map<string, CountsOfChannels>();
  return (point) => {
    const architecture = scaleBaseline(baseline, multipliers(point, 1), scaling);
    const key = architecture.channels.join();
    const ofChannels = known.get(key) ?? countsOfChannels(architecture);
    known.set(key, ofChannels);
    return countsWithRepeats(countsAtResolution(ofChannels, architecture.resolution), architecture.repeats);
  };
}

/**
 * The points whose networks are within the maxima of a constraint.
 *
 * @throws CompoundSearchError GRID_INFEASIBLE where there are none; NETWORK_INVALID where a network cannot be built.
 */
export function pointsWithinMaxima(
  points: readonly Point[],
  constraint: Pick<Constraint, 'maximum'>,
  setting: Scaling & { readonly reference: CostReference },
): readonly Point[] {
  const maxima = costMaxima(constraint, setting.reference);
  if (!maxima.isGiven) return points;
  const costOf = pointCosts(setting);
  let least: readonly Excess[] | undefined;
  const kept = points.filter((point) => {
    const excesses = maxima.excessesOf(costOf(point));
    if (excesses.length === 0) return true;
    if (least === undefined || worstExcess(excesses) < worstExcess(least)) least = excesses;
    return false;
  });
  if (kept.length === 0 && least !== undefined) throw overMaximum(points.length, least);
  return kept;
}
