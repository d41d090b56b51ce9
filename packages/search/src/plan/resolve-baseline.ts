import { type Baseline, CompoundSearchError } from '@compound-search/contracts';
import { baselines, type NetworkDescription, parseNetworkDescription } from '@compound-search/networks';
import type { BaselineStore } from '@compound-search/store';

/** Where the networks are that people have registered. */
export type RegisteredBaselines = Pick<BaselineStore, 'getBaseline' | 'listBaselines'>;

/**
 * The description that a request's baseline stands for: a built-in name, a registered name, or the description itself.
 *
 * @throws CompoundSearchError UNKNOWN_BASELINE, which lists the names that there are; NETWORK_INVALID with the path of
 * the fault in the description, as `baseline.stages.2.stride`.
 */
export async function resolveBaseline(
  baseline: Baseline,
  registered: RegisteredBaselines,
): Promise<NetworkDescription> {
  if (typeof baseline !== 'string') return parseAt('baseline', baseline);
  const builtIn = baselines.get(baseline);
  if (builtIn !== undefined) return builtIn;
  const document = await registered.getBaseline(baseline);
  if (document !== null) return parseNetworkDescription(document);
  const own = (await registered.listBaselines()).map(({ name }) => name);
  throw new CompoundSearchError('UNKNOWN_BASELINE', `There is no baseline ${JSON.stringify(baseline)}`, {
    field: 'baseline',
    value: baseline,
    remedy: `Use one of: ${[...baselines.keys(), ...own].join(', ')}; or give the description of a network.`,
  });
}

function parseAt(place: string, document: unknown): NetworkDescription {
  try {
    return parseNetworkDescription(document);
  } catch (error) {
    if (!(error instanceof CompoundSearchError)) throw error;
    const { code, message, field, value, remedy } = error;
    throw new CompoundSearchError(code, message, {
      field: field === undefined ? place : `${place}.${field}`,
      value,
      ...(remedy === undefined ? {} : { remedy }),
      cause: error,
    });
  }
}
