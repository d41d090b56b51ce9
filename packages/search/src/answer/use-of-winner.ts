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
import { LRUCache } from 'lru-cache';

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
  return {
    use: isThis ? networkUse(winner) : null,
    family: scaledFamily(scaled, networks.baseline, point, defaultPhis),
  };
}

/** The baseline scaled with coefficients to each phi, as a search scales it to 1; without what cannot be built. */
export function familyOf(
  networks: SearchNetworks,
  coefficients: ScalingCoefficients,
  phis: readonly number[],
): ScaledMember[] {
  const scaled = scalingOf(networks);
  return scaled === null ? [] : scaledFamily(scaled, networks.baseline, coefficients, phis);
}

interface Scaling {
  readonly description: NetworkDescription;
  readonly scaling: ScalingOptions;
}

function scaledFamily(
  { description, scaling }: Scaling,
  baseline: BaselineCost,
  { alpha, beta, gamma }: ScalingCoefficients,
  phis: readonly number[],
): ScaledMember[] {
  return phis.flatMap((phi) => {
    const member = buildable(() => {
      const architecture = scaleBaseline(description, multipliers({ alpha, beta, gamma }, phi), scaling);
      return toMember(phi, architecture, baseline);
    });
    return member === undefined ? [] : [member];
  });
}

/**
 * Descriptions by their text. The layers and costs of what is scaled from a description are remembered with it, so that an
 * answer which many ask for while the winner is tested is composed of them.
 */
const descriptions = new LRUCache<string, NetworkDescription>({ max: 20 });

function describe(network: SearchDefinition['network']): NetworkDescription {
  const text = JSON.stringify(network);
  const known = descriptions.get(text);
  if (known !== undefined) return known;
  const description = parseNetworkDescription(network);
  descriptions.set(text, description);
  return description;
}

function scalingOf({ definition: { request, network }, baseline }: SearchNetworks): Scaling | null {
  const { classes, inputChannels: channels } = baseline;
  if (classes === undefined || channels === undefined) return null;
  return {
    description: describe(network),
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
