import { CompoundSearchError, type TrialSpecification } from '@compound-search/contracts';
import {
  buildNetwork,
  candidateArchitecture,
  candidateScaling,
  fingerprint,
  type Network,
  parseNetworkDescription,
  scaleBaseline,
} from '@compound-search/networks';

import type { PreparedData } from './prepared-data.ts';

/** The network of a trial. */
export interface PreparedNetwork {
  readonly network: Network;
  /** The network at the input of each equal part of the training, in turn: the same variables at other resolutions. */
  readonly parts: readonly Network[];
}

/**
 * Builds the network of a trial from what was stored, and refuses to train another one than was planned.
 *
 * @throws CompoundSearchError NETWORK_INVALID
 */
export function prepareNetwork(
  specification: TrialSpecification,
  { image, classes }: Pick<PreparedData, 'image' | 'classes'>,
): PreparedNetwork {
  const { multipliers, recipe } = specification;
  const baseline = parseNetworkDescription(specification.baseline);
  const request = { baseline, multipliers, channels: image.channels, classes, recipe };
  const architecture = candidateArchitecture(request);
  const network = buildNetwork(architecture);
  const built = fingerprint(network);
  if (built !== specification.fingerprint) {
    throw new CompoundSearchError('NETWORK_INVALID', `The network that was planned is not the one that is built here`, {
      field: 'fingerprint',
      value: { planned: specification.fingerprint, built },
      remedy: 'Run the service and its workers at one version, and post the search again.',
    });
  }
  const parts = recipe.progressiveResolution.map((share) => {
    if (share === 1) return network;
    const resolution = architecture.resolution.map((side) => Math.max(1, Math.round(side * share)));
    return buildNetwork(scaleBaseline(baseline, multipliers, { ...candidateScaling(request), resolution }));
  });
  return { network, parts };
}
