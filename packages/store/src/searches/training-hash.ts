import { createHash } from 'node:crypto';

import type { NetworkDocument, SearchRequest } from '@compound-search/contracts';

/** What the trainings of a search have in common and what decides their bits, beside the data, which an engine names. */
export interface CommonSpecification extends Pick<SearchRequest, 'recipe' | 'split' | 'device'> {
  /**
   * The description, not only a candidate's fingerprint: that leaves the names of layers out, and weights start from
   * streams of those names.
   */
  readonly network: NetworkDocument;
}

/**
 * SHA-256, in hexadecimal, over what the trainings of a search have in common. Two trainings of one network (by its
 * fingerprint), with one seed, on one engine, in searches with the same hash, come to the same bits.
 */
export function trainingHash({ network, recipe, split, device }: CommonSpecification): string {
  const text = JSON.stringify({ network, recipe, split, device }, sortKeys);
  return createHash('sha256').update(text).digest('hex');
}

/** The order of keys says nothing, and depends on who wrote the document. */
function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
