import {
  CompoundSearchError,
  searchTrialPurposes,
  type TrialDetail,
  trialDetailSchema,
} from '@compound-search/contracts';
import type { RerunStore, TrialStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { found, idParamsSchema } from '../requests.ts';
import { problems, success } from '../responses.ts';

interface CancelTrialOptions {
  readonly store: Pick<RerunStore, 'cancelTrial'> & Pick<TrialStore, 'getTrial'>;
}

/** Cancelling what was asked for beside a search: a queued trial ends at once, a running one at its next renewal. */
export const cancelTrialRoute: FastifyPluginCallbackZod<CancelTrialOptions> = (app, { store }, done) => {
  app.post(
    '/trials/:id/cancel',
    {
      schema: {
        operationId: 'cancelTrial',
        summary: 'Cancel a rerun or the training of a model',
        description: 'One that has ended stays as it is. The trials of a search end with their search.',
        tags: ['trials'],
        params: idParamsSchema,
        response: {
          200: success('The trial as it is now.', trialDetailSchema),
          ...problems('TRIAL_OF_SEARCH', 'NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ params: { id } }) => {
      refuseOfSearch(found(await store.getTrial(id), 'trial', id));
      await store.cancelTrial(id);
      return found(await store.getTrial(id), 'trial', id);
    },
  );
  done();
};

const ofSearch: ReadonlySet<string> = new Set(searchTrialPurposes);

function refuseOfSearch({ id, searchId, purpose }: TrialDetail): void {
  if (!ofSearch.has(purpose)) return;
  throw new CompoundSearchError('TRIAL_OF_SEARCH', `Trial ${id} is a ${purpose} trial, which ends with its search`, {
    field: 'id',
    value: id,
    remedy: `POST /v1/searches/${searchId}/cancel cancels the search with all its trials.`,
  });
}
