import { CompoundSearchError, formatPath, schemaFaults } from '@compound-search/contracts';
import type { z } from 'zod';

/**
 * A request as its schema has it, defaults filled in.
 *
 * @param remedy where to see what the request may hold
 * @throws CompoundSearchError VALIDATION_FAILED with all faults, in the words of the service; its field is the first's.
 */
export function checkedRequest<T extends z.ZodType>(
  schema: T,
  request: unknown,
  remedy = 'Add --help to see what each option takes.',
): z.infer<T> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  const faults = schemaFaults(parsed.error, request);
  const sentences = faults.map(({ path, detail }) => `${fieldOf(path)} ${detail}`);
  throw new CompoundSearchError('VALIDATION_FAILED', sentences.join('; '), {
    field: fieldOf(faults[0]?.path ?? []),
    value: faults[0]?.value,
    remedy,
  });
}

function fieldOf(path: readonly PropertyKey[]): string {
  return formatPath(path) || 'request';
}
