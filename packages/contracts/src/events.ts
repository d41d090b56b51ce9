import { z } from 'zod';

import { searchViewSchema } from './search.ts';
import { searchStates } from './states.ts';
import { trialViewSchema } from './trial.ts';

/** What of a search can be another a moment later. The rest of it is as it was posted. */
export const searchStatusSchema = searchViewSchema.pick({
  id: true,
  state: true,
  revision: true,
  priority: true,
  round: true,
  stop: true,
  trials: true,
  testTrials: true,
  takenOverTrials: true,
  importedTrials: true,
  progress: true,
  endedAt: true,
});
export type SearchStatus = z.infer<typeof searchStatusSchema>;

/** A trial that a search consists of, as far as somebody who follows the search needs it. */
export const trialStatusSchema = trialViewSchema
  .pick({
    id: true,
    searchId: true,
    candidateId: true,
    purpose: true,
    seed: true,
    state: true,
    attempt: true,
    round: true,
    step: true,
    steps: true,
    failure: true,
    startedAt: true,
    endedAt: true,
  })
  .extend({
    /** Null until it has completed. */
    validationAccuracy: z.number().nullable(),
  });
export type TrialStatus = z.infer<typeof trialStatusSchema>;

/**
 * What a stream of events tells. They are states and not moves: one that came between two others may never be told, and the
 * same may be told twice.
 */
export const searchEventSchema = z.discriminatedUnion('type', [
  /** The first one: all that has changed since this cursor will be told. */
  z.object({ type: z.literal('cursor'), cursor: z.string() }),
  z.object({ type: z.literal('search'), search: searchStatusSchema }),
  z.object({ type: z.literal('trials'), trials: z.array(trialStatusSchema) }),
  /** The rows of a leaderboard are others: whoever shows them reads them again. */
  z.object({ type: z.literal('leaderboard'), searchId: z.string(), revision: z.int() }),
  z.object({ type: z.literal('deleted'), searchId: z.string() }),
  /** More has changed than is told one by one: what was read before is to be read again. */
  z.object({ type: z.literal('reset') }),
  /** The search has ended, and all has been told. The last one of the stream of a search. */
  z.object({ type: z.literal('ended'), searchId: z.string(), state: z.enum(searchStates) }),
]);
export type SearchEvent = z.infer<typeof searchEventSchema>;
