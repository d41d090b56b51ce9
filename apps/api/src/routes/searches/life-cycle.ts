import {
  errorCatalogue,
  searchPhases,
  searchViewSchema,
  type VerbOutcome,
  verbOutcomes,
  type VerbRefusal,
} from '@compound-search/contracts';
import { changeState, deleteSearch, type StateChange, type StateVerb } from '@compound-search/search';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { found, idParamsSchema } from '../requests.ts';
import { noContent, problems, success } from '../responses.ts';

type LifeCycleOptions = Omit<StateChange, 'log'>;

interface VerbDescription {
  readonly verb: StateVerb;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
}

const repeatable = 'The same again changes nothing and has the same answer.';

const verbs: readonly VerbDescription[] = [
  {
    verb: 'pause',
    operationId: 'pauseSearch',
    summary: 'Pause a search: running trials finish, none starts',
    description: `Its reruns and models wait too. ${repeatable}`,
  },
  {
    verb: 'resume',
    operationId: 'resumeSearch',
    summary: 'Go on with a paused search',
    description: repeatable,
  },
  {
    verb: 'stop',
    operationId: 'stopSearch',
    summary: 'Stop a search: running trials finish, and it ends with the answer that it has',
    description:
      'Queued trials are cancelled at once. The search is `stopping` until its running trials have ended, then `stopped`, ' +
      `with the coefficients of the best candidate by what has completed; a winner whose test had not begun is not tested. ${repeatable}`,
  },
  {
    verb: 'cancel',
    operationId: 'cancelSearch',
    summary: 'Cancel a search and its open trials',
    description: `Its running trials end at their next step, its reruns and models too. ${repeatable}`,
  },
  {
    verb: 'retry-failed',
    operationId: 'retryFailedTrials',
    summary: 'Run the failed trials of a search again',
    description:
      'Those that have completed stay as they are. A search that has ended runs again, and has no answer until it ends ' +
      `once more. ${repeatable}`,
  },
];

/** What the verb is refused with in one phase or another. */
function refusalsOf(verb: StateVerb): VerbRefusal[] {
  const outcomes = new Set<VerbOutcome>(searchPhases.map((phase) => verbOutcomes[phase][verb]));
  return [...outcomes].filter((outcome): outcome is VerbRefusal => outcome in errorCatalogue);
}

/** What can be done to a search after it has been posted. */
export const lifeCycleRoutes: FastifyPluginCallbackZod<LifeCycleOptions> = (app, options, done) => {
  for (const { verb, ...description } of verbs) {
    app.post(
      `/searches/:id/${verb}`,
      {
        schema: {
          ...description,
          tags: ['searches'],
          params: idParamsSchema,
          response: {
            200: success('The search as it is now.', searchViewSchema),
            ...problems('NOT_FOUND', ...refusalsOf(verb), 'DEPENDENCY_UNAVAILABLE'),
          },
        },
      },
      async ({ params: { id }, log }) => found(await changeState({ ...options, log }, id, verb), 'search', id),
    );
  }

  app.delete(
    '/searches/:id',
    {
      schema: {
        operationId: 'deleteSearch',
        summary: 'Delete a search that has ended, with all its trials, reruns and models',
        description: `Nothing of it is left, on the disks of workers neither. ${repeatable}`,
        tags: ['searches'],
        params: idParamsSchema,
        response: {
          204: noContent('The search is deleted.'),
          ...problems('NOT_FOUND', 'SEARCH_NOT_ENDED', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ params: { id } }, reply) => {
      found((await deleteSearch(options.store, id)) ? id : null, 'search', id);
      return reply.code(204).send();
    },
  );
  done();
};
