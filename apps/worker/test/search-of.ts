import {
  type Decision,
  type NetworkDocument,
  type Plan,
  type SearchRequest,
  searchRequestSchema,
} from '@compound-search/contracts';

/** A search over so many candidates whose trainings follow a script (training-child.mjs). */
export function searchOf(
  candidates: number,
  options: { readonly script?: string; readonly seeds?: readonly number[]; readonly reuse?: boolean } = {},
): { request: SearchRequest; network: NetworkDocument; plan: Plan } {
  return {
    network: { name: 'efficientnet-micro' },
    request: searchRequestSchema.parse({
      baseline: 'efficientnet-micro',
      dataset: `scripted:${options.script ?? 'steps=4'}`,
      grid: { alpha: [1.2], beta: [1.1], gamma: [1.15] },
      seeds: options.seeds ?? [1],
      strategy: 'full',
      reuse: options.reuse ?? false,
    }),
    plan: {
      points: candidates,
      feasiblePoints: candidates,
      baseline: { parameters: 1, macs: 1, activations: 1, resolution: [20, 20] },
      candidates: Array.from({ length: candidates }, (_, index) => ({
        fingerprint: `network-${index}`,
        multipliers: { depth: 1 + index, width: 1 + index / 7, resolution: 1 + index / 3 },
        resolution: [20, 20],
        repeats: [1],
        channels: [8],
        parameters: 1,
        macs: 1,
        macsRatio: 1,
        activations: 1,
        enlarges: false,
        points: [{ alpha: 1 + index, beta: 1, gamma: 1, product: 1 + index }],
      })),
      notes: [],
    },
  };
}

/** The same search of one candidate, whose one trial pauses after an epoch: the opening of a search by halving. */
export function pausingSearchOf(script: string): ReturnType<typeof searchOf> & { readonly opening: Decision[] } {
  const search = searchOf(1, { script });
  return {
    ...search,
    request: searchRequestSchema.parse({ ...search.request, strategy: { kind: 'halving' } }),
    opening: [decisionOf(1, 1)],
  };
}

/** A decision of that search, which assigns its trial so many epochs, or all of them. */
export function decisionOf(round: number, epochs: number | null): Decision {
  return {
    round,
    assignments: [{ fingerprint: 'network-0', seed: 1, epochs }],
    drops: [],
    stop: null,
    evidence: { leader: null, probabilityBest: null, probabilityIndifferent: null },
  };
}
