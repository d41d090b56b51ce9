import { CompoundSearchError, modelRequestSchema, modelViewSchema } from '@compound-search/contracts';
import { findDataset } from '@compound-search/datasets';
import type { TrialQueue } from '@compound-search/queue';
import type { CandidateOutcome, ModelStore, SearchOutcome, SearchStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { requireWinner } from '../coefficients.ts';
import { toModelView } from '../model-view.ts';
import { offerTrials } from '../offer-trials.ts';
import { planModel } from '../plan-model.ts';
import { found, idParamsSchema } from './requests.ts';
import { bodyProblems, problems, success } from './responses.ts';

interface StartModelOptions {
  readonly store: Pick<ModelStore, 'createModel' | 'getModel'> & Pick<SearchStore, 'getOutcome'>;
  readonly queue: Pick<TrialQueue, 'add' | 'ping'>;
  readonly dataRoot: string | undefined;
}

const modelRequestProblems = [
  ...bodyProblems,
  'NOT_FOUND',
  'COEFFICIENTS_NOT_READY',
  'NO_WINNER',
  'COEFFICIENT_INVALID',
  'NETWORK_INVALID',
  'UNKNOWN_DATASET',
  'DATASET_INVALID',
  'DEPENDENCY_UNAVAILABLE',
] as const;

/** Training a network of a search as a model: what can be refused is refused before anything is stored. */
export const startModelRoute: FastifyPluginCallbackZod<StartModelOptions> = (app, options, done) => {
  const { store, queue, dataRoot } = options;
  app.post(
    '/searches/:id/model',
    {
      schema: {
        operationId: 'createModel',
        summary: 'Train the winner, or another candidate at any phi, as a model',
        description:
          'The network is trained with the recipe and the data of the search and tested on the test split. The ' +
          'Location header names the model; it decides nothing in its search.',
        tags: ['models'],
        params: idParamsSchema,
        body: modelRequestSchema.nullish(),
        response: {
          202: success('The model, stored and queued.', modelViewSchema),
          ...problems(...modelRequestProblems),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { candidateId, phi, seed } = request.body ?? modelRequestSchema.parse({});
      const outcome = found(await store.getOutcome(id), 'search', id);
      const chosen = candidateId === undefined ? requireWinner(outcome) : requireCandidate(outcome, candidateId);
      const dataset = await findDataset(outcome.request.dataset, dataRoot === undefined ? {} : { dataRoot });
      const plan = planModel({ outcome, candidate: chosen.candidate, phi, dataset });
      await queue.ping();
      const job = await store.createModel({
        searchId: id,
        candidateId: chosen.candidateId,
        seed: seed ?? firstSeed(outcome),
        plan,
      });
      const { trialId, attempt } = found(job, 'search', id);
      await offerTrials(queue, [{ trialId, attempt }], request.log);
      const model = toModelView(found(await store.getModel(trialId), 'model', trialId));
      return reply.code(202).header('location', `/v1/models/${trialId}`).send(model);
    },
  );
  done();
};

function requireCandidate({ searchId, candidates }: SearchOutcome, candidateId: string): CandidateOutcome {
  const candidate = candidates.find((one) => one.candidateId === candidateId);
  if (candidate !== undefined) return candidate;
  throw new CompoundSearchError('NOT_FOUND', `Search ${searchId} has no candidate ${candidateId}`, {
    field: 'candidateId',
    value: candidateId,
    remedy: `GET /v1/searches/${searchId}/leaderboard lists its candidates.`,
  });
}

function firstSeed({ request: { seeds } }: SearchOutcome): number {
  const [seed] = seeds;
  if (seed === undefined) throw new Error('A search has at least one seed');
  return seed;
}
