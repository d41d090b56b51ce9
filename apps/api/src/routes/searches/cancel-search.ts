import { CompoundSearchError, type SearchView, searchViewSchema } from '@compound-search/contracts';
import type { SearchStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { found, idParamsSchema } from '../requests.ts';
import { problems, success } from '../responses.ts';

interface CancelSearchOptions {
  readonly store: Pick<SearchStore, 'cancelSearch'>;
}

function searchEnded({ id, state }: SearchView): CompoundSearchError {
  return new CompoundSearchError('SEARCH_ENDED', `Search ${id} has already ended as ${state}`, {
    field: 'state',
    value: state,
    remedy: 'Nothing needs to be cancelled; its results stay.',
  });
}

/** Cancelling a search: its queued trials end at once, its running ones at their next renewal. */
export const cancelSearchRoute: FastifyPluginCallbackZod<CancelSearchOptions> = (app, { store }, done) => {
  app.post(
    '/searches/:id/cancel',
    {
      schema: {
        operationId: 'cancelSearch',
        summary: 'Cancel a search and its open trials',
        description: 'The same again changes nothing and has the same answer.',
        tags: ['searches'],
        params: idParamsSchema,
        response: {
          200: success('The search, cancelled.', searchViewSchema),
          ...problems('NOT_FOUND', 'SEARCH_ENDED', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ params: { id } }) => {
      const search = found(await store.cancelSearch(id), 'search', id);
      // One that has ended by itself stays as it is; one that is cancelled is so however often it is asked for.
      if (search.state !== 'cancelled') throw searchEnded(search);
      return search;
    },
  );
  done();
};
