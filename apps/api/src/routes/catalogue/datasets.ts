import { datasetViewSchema } from '@compound-search/contracts';
import { datasets } from '@compound-search/datasets';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { problems, success } from '../responses.ts';

/** The data sets that a search can name. */
export const datasetRoutes: FastifyPluginCallbackZod = (app, _options, done) => {
  app.get(
    '/datasets',
    {
      schema: {
        operationId: 'listDatasets',
        summary: 'The data sets',
        tags: ['catalogue'],
        response: { 200: success('All data sets.', datasetViewSchema.array()), ...problems() },
      },
    },
    () => [...datasets],
  );
  done();
};
