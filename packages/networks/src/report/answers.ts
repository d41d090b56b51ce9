import {
  CompoundSearchError,
  type FamilyMember,
  familyMemberSchema,
  type FamilyRequest,
  type NetworkAnswer,
  networkAnswerSchema,
  type NetworkRequest,
  publishedNetworkSchema,
  type PublishedNetworkView,
} from '@compound-search/contracts';
import {
  findPublishedNetwork,
  imageCostExponents,
  type Multipliers,
  multipliers,
  publishedNetworks,
  type Shares,
  strategies,
  strategyMultipliers,
  unscaled,
  videoCostExponents,
} from '@compound-search/scaling';

import { scaleBaseline, type ScaledArchitecture, type ScalingOptions } from '../build/architecture.ts';
import { buildNetwork } from '../build/network.ts';
import { networkCost, summarizeNetwork } from '../cost/cost.ts';
import { inferenceMemory, trainingMemory } from '../cost/memory.ts';
import type { NetworkDescription } from '../description/description.ts';
import { effectivePhiOf, type NetworkReport, reportNetwork, scalePublished } from './report.ts';

type Variation = Pick<
  NetworkRequest,
  'classes' | 'inputChannels' | 'rounding' | 'channelDivisor' | 'resolutionStep' | 'repeats'
>;

/**
 * ResNet-1202, the deepest network published, has 4,207. So many layers are 0.7 MB of JSON and take 20 ms of processor
 * time. The 50,595 of EfficientNet-B0 at depth 200 took 1.7 seconds, during which no other request was answered.
 */
const maximumListedLayers = 5000;

/**
 * The exact cost of one network: what POST /v1/networks answers and the command `network` prints. `baseline` is the
 * description of the request's baseline, undefined if the request names none.
 *
 * @throws CompoundSearchError `VALIDATION_FAILED` where the request does not say which network it means, or says it
 * twice; `UNKNOWN_BASELINE`, `COEFFICIENT_INVALID` and `NETWORK_INVALID` as scaling and building do.
 */
export function answerNetworkRequest(request: NetworkRequest, baseline: NetworkDescription | undefined): NetworkAnswer {
  const architecture = architectureOfRequest(request, baseline);
  return networkAnswerSchema.parse({
    ...row(reportNetwork(architecture), request.batch),
    effectivePhi: effectivePhiOf(architecture, request.coefficients),
    ...(request.layers ? { layers: layerRows(architecture) } : {}),
  });
}

/**
 * The exact costs of a family, one row per phi in the order asked for: what POST /v1/families answers and the command
 * `family` prints. `baseline` is the description of the request's baseline. Members are counted as they are asked for:
 * one takes up to 20 ms, a hundred up to 2 seconds, and a service can answer other requests in between.
 *
 * @throws CompoundSearchError `COEFFICIENT_INVALID` or `NETWORK_INVALID` where a member cannot be built.
 */
export function* answerFamilyRequest(request: FamilyRequest, baseline: NetworkDescription): Generator<FamilyMember> {
  const { alpha, beta, gamma, phi: phis } = request;
  const options = variation(request);
  const base = summarizeNetwork(scaleBaseline(baseline, unscaled, options)).totals.macs;
  for (const phi of phis) {
    const architecture = scaleBaseline(baseline, multipliers({ alpha, beta, gamma }, phi), options);
    const member = row(reportNetwork(architecture), request.batch);
    yield familyMemberSchema.parse({ ...member, phi, macsRatio: member.macs / base });
  }
}

/** The published networks with their exact cost, in the order of their families. */
export function listPublishedNetworks(): PublishedNetworkView[] {
  return [...publishedNetworks.values()].map((network) =>
    publishedNetworkSchema.parse({ ...network, ...summarizeNetwork(scalePublished(network.name)).totals }),
  );
}

/**
 * The network that a request means; `baseline` is the description of its baseline, undefined if it names none.
 *
 * @throws CompoundSearchError `VALIDATION_FAILED` where the request does not say which network it means, or says it twice.
 */
export function architectureOfRequest(
  request: NetworkRequest,
  baseline: NetworkDescription | undefined,
): ScaledArchitecture {
  const { published, resolution } = request;
  const options: ScalingOptions = { ...variation(request), ...(resolution === undefined ? {} : { resolution }) };
  if (published !== undefined) return publishedArchitecture(request, published, options);
  if (baseline !== undefined) return scaleBaseline(baseline, requestedMultipliers(request, baseline), options);
  throw fault('baseline', undefined, {
    message: 'The request names neither a baseline nor a published network.',
    remedy: 'Give baseline, or published.',
  });
}

function publishedArchitecture(
  request: NetworkRequest,
  published: string,
  { policy, ...options }: ScalingOptions,
): ScaledArchitecture {
  for (const field of ['depth', 'width', 'resolutionMultiplier', 'strategy', 'target'] as const) {
    if (request[field] === undefined) continue;
    throw fault(field, request[field], {
      message: `A published network has its own multipliers, so ${field} cannot be given beside published.`,
      remedy: `Leave out ${field}, or name a baseline instead of a published network.`,
    });
  }
  const { baseline } = findPublishedNetwork(published);
  if (request.baseline !== undefined && request.baseline !== baseline) {
    throw fault('baseline', typeof request.baseline === 'string' ? request.baseline : request.baseline.name, {
      message: `${published} was published as a scaled ${baseline}, not as another baseline's.`,
      remedy: `Leave out baseline, or give ${baseline}.`,
    });
  }
  return scalePublished(published, policy === undefined ? options : { policy, ...options });
}

function requestedMultipliers(request: NetworkRequest, baseline: NetworkDescription): Multipliers {
  const { strategy, target, depth, width, resolutionMultiplier } = request;
  if (strategy === undefined) {
    if (target !== undefined) {
      throw fault('target', target, {
        message: 'A target needs a strategy that says how it is reached.',
        remedy: 'Give strategy, or leave out target.',
      });
    }
    return { depth: depth ?? 1, width: width ?? 1, resolution: resolutionMultiplier ?? 1 };
  }
  if (target === undefined || [depth, width, resolutionMultiplier].some((value) => value !== undefined)) {
    throw fault('strategy', strategy, {
      message: 'A strategy gives all multipliers from a target.',
      remedy: 'Give target with strategy, and neither depth nor width nor resolutionMultiplier.',
    });
  }
  const shares: Shares = typeof strategy === 'string' ? strategies[strategy] : strategy;
  const exponents = baseline.input.spatial.length === 2 ? imageCostExponents : videoCostExponents;
  return strategyMultipliers(shares, target, exponents);
}

function variation(request: Variation): ScalingOptions {
  const { classes, inputChannels, rounding, channelDivisor, resolutionStep, repeats } = request;
  return {
    classes,
    input: { channels: inputChannels },
    policy: rounding,
    rounding: { channelDivisor, resolutionStep, repeats },
  };
}

function row(report: NetworkReport, batch: number | undefined) {
  const memory = { inferenceMemory: inferenceMemory(report) };
  return batch === undefined
    ? { ...report, ...memory }
    : { ...report, ...memory, trainingMemory: trainingMemory(report, { batch }) };
}

function layerRows(architecture: ScaledArchitecture) {
  const network = buildNetwork(architecture);
  const count = network.layers.length;
  if (count > maximumListedLayers) {
    throw fault('layers', count, {
      message: `The network has ${count} layers; at most ${maximumListedLayers} are listed.`,
      remedy: 'Leave out layers, which gives the cost as a whole, or scale the depth less.',
    });
  }
  return networkCost(network).perLayer.map(({ outputShape, ...layer }) => ({
    ...layer,
    outputShape: [...outputShape.spatial, outputShape.channels],
  }));
}

function fault(
  field: string,
  value: unknown,
  { message, remedy }: { readonly message: string; readonly remedy: string },
): CompoundSearchError {
  return new CompoundSearchError('VALIDATION_FAILED', message, { field, value, remedy });
}
