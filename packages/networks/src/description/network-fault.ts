import { CompoundSearchError } from '@compound-search/contracts';

/** An error `NETWORK_INVALID` with the path of the fault, the value found there and the remedy. */
export function networkFault(field: string, value: unknown, message: string, remedy: string): CompoundSearchError {
  return new CompoundSearchError('NETWORK_INVALID', message, { field, value, remedy });
}
