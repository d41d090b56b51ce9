import { unscaled } from '@compound-search/scaling';

import { scaleBaseline } from '../build/architecture.ts';
import { summarizeNetwork } from '../cost/cost.ts';
import { type NetworkDescription, networkDescriptionSchema } from './description.ts';
import { networkFault } from './network-fault.ts';

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined),
    value,
  );
}

/**
 * A person's own network, checked: its form against the schema, and its sense by building it at its own input.
 *
 * @throws CompoundSearchError `NETWORK_INVALID` with the path of the first fault, as `stages.2.stride`.
 */
export function parseNetworkDescription(value: unknown): NetworkDescription {
  const parsed = networkDescriptionSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path ?? [];
    const field = path.length === 0 ? 'network' : path.map(String).join('.');
    const found = valueAt(value, path);
    throw networkFault(
      field,
      typeof found === 'object' ? undefined : found,
      `The network's ${field} is not as it must be: ${issue?.message ?? 'it does not fit the schema'}.`,
      'Correct the field; the schema of a network lists what it may hold.',
    );
  }
  summarizeNetwork(scaleBaseline(parsed.data, unscaled));
  return parsed.data;
}
