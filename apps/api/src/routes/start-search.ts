import { searchRequestSchema, searchViewSchema } from '@compound-search/contracts';
import type { DatasetChecker } from '@compound-search/datasets';
import type { TrialQueue } from '@compound-search/queue';
import type { SearchStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { fillBaselineRecipe } from '../fill-baseline-recipe.ts';
import { offerTrials } from '../offer-trials.ts';
import { type PlanLimits, planRequest } from '../plan-request.ts';
import { type RegisteredBaselines, resolveBaseline } from '../resolve-baseline.ts';
import { found } from './requests.ts';
import { problems, searchRequestProblems, success } from './responses.ts';

interface StartSearchOptions {
  readonly store: Pick<SearchStore, 'createSearch' | 'getSearch'> & RegisteredBaselines;
  readonly queue: Pick<TrialQueue, 'add' | 'ping'>;
  readonly limits: PlanLimits;
  readonly dataRoot: string | undefined;
  readonly checker: Pick<DatasetChecker, 'requireWhole'>;
}

/** Starting a search: everything that can be refused is refused before anything is stored. */
export const startSearchRoute: FastifyPluginCallbackZod<StartSearchOptions> = (app, options, done) => {
  const { store, queue, limits, dataRoot, checker } = options;
  app.post(
    '/searches',
    {
      preValidation: fillBaselineRecipe(store),
      schema: {
        operationId: 'createSearch',
        summary: 'Start a search',
        description:
          'The search is stored and its trials are queued; the Location header names it. A data set in files is read in ' +
          'full first: where that takes longer than some seconds the answer is DATASET_NOT_READY, and the same request ' +
          'goes on waiting.',
        tags: ['searches'],
        body: searchRequestSchema,
        response: {
          202: success('The search, stored and queued.', searchViewSchema),
          ...problems(...searchRequestProblems, 'DATASET_NOT_READY'),
        },
      },
    },
    async (request, reply) => {
      // The description is stored with the search, so that its trials do not depend on what a name stands for.
      const network = await resolveBaseline(request.body.baseline, store);
      const plan = await planRequest(request.body, network, limits, dataRoot);
      // Last of the checks, since it may take long: all that can be known at once is refused at once.
      await checker.requireWhole(request.body.dataset);
      // Asked before anything is stored, so that a client that is refused may simply try again.
      await queue.ping();
      const { searchId, trials } = await store.createSearch({ request: request.body, network, plan });
      await offerTrials(queue, trials, request.log);
      const search = found(await store.getSearch(searchId), 'search', searchId);
      return reply.code(202).header('location', `/v1/searches/${searchId}`).send(search);
    },
  );
  done();
};
