import { searchChangesSchema, searchViewSchema } from '@compound-search/contracts';
import type { SearchStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { found, idParamsSchema } from '../requests.ts';
import { bodyProblems, problems, success } from '../responses.ts';

interface ChangeSearchOptions {
  readonly store: Pick<SearchStore, 'changeSearch'>;
}

/** What of a search is not fixed when it is posted. */
export const changeSearchRoute: FastifyPluginCallbackZod<ChangeSearchOptions> = (app, { store }, done) => {
  app.patch(
    '/searches/:id',
    {
      schema: {
        operationId: 'changeSearch',
        summary: 'Change the priority of a search',
        description:
          'It counts from the next trial that is started; running trials go on. Of a search that has ended it counts for ' +
          'its reruns and models.',
        tags: ['searches'],
        params: idParamsSchema,
        body: searchChangesSchema,
        response: {
          200: success('The search, changed.', searchViewSchema),
          ...problems(...bodyProblems, 'NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ params: { id }, body }) => found(await store.changeSearch(id, body), 'search', id),
  );
  done();
};
