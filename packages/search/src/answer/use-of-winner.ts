import {
  type BaselineCost,
  type Candidate,
  type Coefficients,
  CompoundSearchError,
  type ScaledMember,
} from '@compound-search/contracts';
import { representativePoint } from '@compound-search/grid';
import {
  candidateScaling,
  describeScaled,
  type NetworkDescription,
  networkUse,
  parseNetworkDescription,
  scaleBaseline,
  type ScaledArchitecture,
  type ScalingOptions,
  summarizeNetwork,
} from '@compound-search/networks';
import { multipliers, type ScalingCoefficients } from '@compound-search/scaling';
import type { SearchDefinition } from '@compound-search/store';

/** A search's networks: what it was posted as, and for how many classes and channels. */
export interface SearchNetworks {
  readonly definition: SearchDefinition;
  readonly baseline: BaselineCost;
}

/** The paper's B0 to B7 are these. */
const defaultPhis = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * How to use the winner: by other libraries, and scaled to several phis. Null and none where the search was stored without
 * its classes; null too where this version would build another network than was trained.
 */
export function useOfWinner(networks: SearchNetworks, candidate: Candidate): Pick<Coefficients, 'use' | 'family'> {
  const { request } = networks.definition;
  const point = representativePoint(candidate.points, request.constraint);
  const scaled = scalingOf(networks);
  if (scaled === null) return { use: null, family: [] };
  const { description, scaling } = scaled;
  const { multipliers: scale, resolution, fingerprint } = candidate;
  const winner = scaleBaseline(description, scale, { ...scaling, resolution });
  const isThis = summarizeNetwork(winner).fingerprint === fingerprint;
  return { use: isThis ? networkUse(winner) : null, family: familyOf(networks, point, defaultPhis) };
}

/** The baseline scaled with coefficients to each phi, as a search scales it to 1; without what cannot be built. */
export function familyOf(
  networks: SearchNetworks,
  { alpha, beta, gamma }: ScalingCoefficients,
  phis: readonly number[],
): ScaledMember[] {
  const scaled = scalingOf(networks);
  if (scaled === null) return [];
  const { description, scaling } = scaled;
  return phis.flatMap((phi) => {
    const member = buildable(() => {
      const architecture = scaleBaseline(description, multipliers({ alpha, beta, gamma }, phi), scaling);
      return toMember(phi, architecture, networks.baseline);
    });
    return member === undefined ? [] : [member];
  });
}

function scalingOf({
  definition: { request, network },
  baseline,
}: SearchNetworks): { readonly description: NetworkDescription; readonly scaling: ScalingOptions } | null {
  const { classes, inputChannels: channels } = baseline;
  if (classes === undefined || channels === undefined) return null;
  return {
    description: parseNetworkDescription(network),
    scaling: candidateScaling({ classes, channels, recipe: request.recipe }),
  };
}

function toMember(phi: number, architecture: ScaledArchitecture, baseline: BaselineCost): ScaledMember {
  return { phi, ...describeScaled(architecture, summarizeNetwork(architecture).totals, baseline.macs) };
}

/** What is made; undefined where the network is larger than what can be costed, or strides more than its map has. */
function buildable<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof CompoundSearchError && error.code === 'NETWORK_INVALID') return undefined;
    throw error;
  }
}
