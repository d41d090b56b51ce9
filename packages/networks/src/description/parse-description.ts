import { schemaFaults } from '@compound-search/contracts';
import { unscaled } from '@compound-search/scaling';

import { scaleBaseline } from '../build/architecture.ts';
import { summarizeNetwork } from '../cost/cost.ts';
import { type NetworkDescription, networkDescriptionSchema } from './description.ts';
import { networkFault } from './network-fault.ts';

/**
 * A network that a user describes, checked twice: against the schema, and by building it at its own input.
 *
 * @throws CompoundSearchError `NETWORK_INVALID` with the path of the first fault, as `stages.2.stride`.
 */
export function parseNetworkDescription(value: unknown): NetworkDescription {
  const parsed = networkDescriptionSchema.safeParse(value);
  if (!parsed.success) {
    const [fault] = schemaFaults(parsed.error, value);
    const path = fault?.path ?? [];
    const field = path.length === 0 ? 'network' : path.map(String).join('.');
    throw networkFault(
      field,
      typeof fault?.value === 'object' ? undefined : fault?.value,
      `The network's ${field} ${fault?.detail ?? 'does not fit the schema'}.`,
      'Correct the field; the schema of a network lists what it may hold.',
    );
  }
  summarizeNetwork(scaleBaseline(parsed.data, unscaled));
  return parsed.data;
}
