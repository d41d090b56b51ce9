import {
  claimAnswerSchema,
  claimEndSchema,
  claimEpochSchema,
  claimProgressSchema,
  claimRequestSchema,
  claimResultSchema,
  claimStateSchema,
} from '@compound-search/contracts';
import { claimTrial, endClaim, holdClaim, releaseClaim, tellEpoch } from '@compound-search/search';
import type { AttemptStore, SearchStore, TrialStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { bodyProblems, noContent, problems, success } from '../responses.ts';

interface ClaimRouteOptions {
  readonly store: Pick<
    AttemptStore,
    'claimExternalTrial' | 'renewLease' | 'recordEpoch' | 'completeTrial' | 'failTrial' | 'releaseTrial'
  > &
    Pick<TrialStore, 'getTrial'> &
    Pick<SearchStore, 'getCandidates' | 'getDefinition'>;
}

type Routes = Parameters<FastifyPluginCallbackZod>[0];

const config = { role: 'worker' } as const;
const tags = ['claims'];
const claimParamsSchema = z.object({ claim: z.string() });

/** For workers that have nothing but the address of the service: claim a trial, tell how it goes, tell what it came to. */
export const claimRoutes: FastifyPluginCallbackZod<ClaimRouteOptions> = (app, { store }, done) => {
  addClaiming(app, store);
  addHolding(app, store);
  addEnding(app, store);
  done();
};

function addClaiming(app: Routes, store: ClaimRouteOptions['store']): void {
  const stopping = new AbortController();
  app.addHook('preClose', (done) => {
    stopping.abort();
    done();
  });
  app.post(
    '/claims',
    {
      config,
      schema: {
        operationId: 'claimTrial',
        summary: 'Claim a trial of a search whose trainings are external',
        description:
          'It is held for leaseSeconds, and for as long again after each sign of life. With the same token the same again is answered with the same trial.',
        tags,
        body: claimRequestSchema,
        response: {
          200: success('The trial, or null where none waits.', claimAnswerSchema),
          ...problems(...bodyProblems, 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ body }, reply) => {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const signal = AbortSignal.any([gone.signal, stopping.signal]);
      return { claimed: await claimTrial(store, body, signal) };
    },
  );
}

function addHolding(app: Routes, store: ClaimRouteOptions['store']): void {
  app.post(
    '/claims/:claim/progress',
    {
      config,
      schema: {
        operationId: 'holdClaim',
        summary: 'A sign of life, with the steps done so far',
        description: 'Stop the training where the state is not held.',
        tags,
        params: claimParamsSchema,
        body: claimProgressSchema,
        response: {
          200: success('Whether the claim still holds.', claimStateSchema),
          ...problems(...bodyProblems, 'NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    ({ params: { claim }, body }) => holdClaim(store, claim, body),
  );

  app.post(
    '/claims/:claim/epochs',
    {
      config,
      schema: {
        operationId: 'tellEpoch',
        summary: 'Add a point to the learning curve of a claimed trial',
        description: 'The same epoch again changes nothing.',
        tags,
        params: claimParamsSchema,
        body: claimEpochSchema,
        response: {
          200: success('The claim holds.', claimStateSchema),
          ...problems(...bodyProblems, 'NOT_FOUND', 'CLAIM_OVER', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    ({ params: { claim }, body }) => tellEpoch(store, claim, body),
  );
}

function addEnding(app: Routes, store: ClaimRouteOptions['store']): void {
  app.post(
    '/claims/:claim/result',
    {
      config,
      schema: {
        operationId: 'endClaim',
        summary: 'End a claimed trial with what it came to',
        description: 'The same again changes nothing.',
        tags,
        params: claimParamsSchema,
        body: claimResultSchema,
        response: {
          200: success('What became of the trial.', claimEndSchema),
          ...problems(...bodyProblems, 'RESULT_INVALID', 'NOT_FOUND', 'CLAIM_OVER', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    ({ params: { claim }, body }) => endClaim(store, claim, body),
  );

  app.post(
    '/claims/:claim/release',
    {
      config,
      schema: {
        operationId: 'releaseClaim',
        summary: 'Give a claimed trial back unfinished',
        description: 'That is no loss: another worker begins it anew. The same again changes nothing.',
        tags,
        params: claimParamsSchema,
        response: {
          204: noContent('It waits for another worker.'),
          ...problems('VALIDATION_FAILED', 'NOT_FOUND', 'CLAIM_OVER', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ params: { claim } }, reply) => {
      await releaseClaim(store, claim);
      return reply.code(204).send();
    },
  );
}
