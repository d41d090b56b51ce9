import type { TrainingEvent } from '@compound-search/contracts';

/** What a training tells of a fault that costs it nothing but a convenience. */
export function warningOf(what: string, error: unknown): TrainingEvent {
  return { type: 'warning', message: `${what}: ${error instanceof Error ? error.message : String(error)}` };
}
