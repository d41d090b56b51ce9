import { filledRequestSchema } from '@compound-search/contracts';
import { refineSearch } from '@compound-search/search';
import type { SearchStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { found, idParamsSchema } from '../requests.ts';
import { problems, success } from '../responses.ts';

interface RefinementRouteOptions {
  readonly store: Pick<SearchStore, 'getResults' | 'getDefinition' | 'getCandidates'>;
}

/** From coarse to fine: what to search next. */
export const refinementRoute: FastifyPluginCallbackZod<RefinementRouteOptions> = (app, { store }, done) => {
  app.get(
    '/searches/:id/refinement',
    {
      schema: {
        operationId: 'getRefinement',
        summary: 'The request of a finer search around the networks that cannot be told apart',
        description: 'Half the step around them, and everything else as it was: post it as it is, or after changes.',
        tags: ['searches'],
        params: idParamsSchema,
        response: {
          200: success('A request for POST /v1/searches.', filledRequestSchema),
          ...problems(
            'NOT_FOUND',
            'COEFFICIENTS_NOT_READY',
            'NO_WINNER',
            'SEARCH_WITHOUT_GRID',
            'DEPENDENCY_UNAVAILABLE',
          ),
        },
      },
    },
    async ({ params }) => found(await refineSearch(store, params.id), 'search', params.id),
  );
  done();
};
