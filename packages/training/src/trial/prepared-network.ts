import { CompoundSearchError, type TrialSpecification } from '@compound-search/contracts';
import {
  buildNetwork,
  candidateArchitecture,
  fingerprint,
  type Network,
  parseNetworkDescription,
} from '@compound-search/networks';

import type { PreparedData } from './prepared-data.ts';

/**
 * Builds the network of a trial from what was stored, and refuses to train another one than was planned.
 *
 * @throws CompoundSearchError NETWORK_INVALID
 */
export function prepareNetwork(specification: TrialSpecification, { image, classes }: PreparedData): Network {
  const { multipliers, recipe } = specification;
  const baseline = parseNetworkDescription(specification.baseline);
  const network = buildNetwork(
    candidateArchitecture({ baseline, multipliers, channels: image.channels, classes, recipe }),
  );
  const built = fingerprint(network);
  if (built !== specification.fingerprint) {
    throw new CompoundSearchError('NETWORK_INVALID', `The network that was planned is not the one that is built here`, {
      field: 'fingerprint',
      value: { planned: specification.fingerprint, built },
      remedy: 'Run the service and its workers at one version, and post the search again.',
    });
  }
  return network;
}
