import { CompoundSearchError } from '@compound-search/contracts';

import type { NetworkDescription } from '../description.ts';
import { efficientnetMicro } from './efficientnet-micro.ts';

const all: readonly NetworkDescription[] = [efficientnetMicro];

/** All baselines by name. */
export const baselines: ReadonlyMap<string, NetworkDescription> = new Map(
  all.map((baseline) => [baseline.name, baseline]),
);

/**
 * The baseline of that name.
 *
 * @throws CompoundSearchError `UNKNOWN_BASELINE`, which lists the names that there are.
 */
export function findBaseline(name: string): NetworkDescription {
  const baseline = baselines.get(name);
  if (baseline !== undefined) return baseline;
  throw new CompoundSearchError('UNKNOWN_BASELINE', `There is no baseline "${name}".`, {
    field: 'baseline',
    value: name,
    remedy: `Choose one of ${[...baselines.keys()].join(', ')}.`,
  });
}
