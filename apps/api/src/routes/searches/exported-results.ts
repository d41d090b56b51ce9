import { Readable } from 'node:stream';

import { trialStates } from '@compound-search/contracts';
import { readResultLines, resultColumns, resultFormats } from '@compound-search/search';
import type { SearchStore, TrialStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { found, idParamsSchema } from '../requests.ts';
import { problems } from '../responses.ts';

interface ExportRouteOptions {
  readonly store: Pick<TrialStore, 'listTrials'> & Pick<SearchStore, 'getCandidates'>;
}

const mediaTypes = { jsonl: 'application/jsonl', csv: 'text/csv; charset=utf-8' } as const;

/** The results of single trials, for whoever analyses them elsewhere. */
export const exportRoute: FastifyPluginCallbackZod<ExportRouteOptions> = (app, { store }, done) => {
  app.get(
    '/searches/:id/results',
    {
      schema: {
        operationId: 'exportResults',
        summary: 'All trials of a search with their results, as JSON lines or comma-separated values',
        description:
          `One line a trial, in the order of the queue, with ${resultColumns.join(', ')}. They keep their places and ` +
          'meanings; new ones are added at the end. The point is the one nearest to the target of those that are this network.',
        tags: ['searches'],
        params: idParamsSchema,
        querystring: z.strictObject({
          format: z.enum(resultFormats).default('jsonl'),
          state: z.enum(trialStates).optional().describe('Only trials in this state: `queued` are those that wait.'),
        }),
        response: {
          200: {
            description: 'The trials so far, as they are read.',
            content: { 'application/jsonl': { schema: z.string() }, 'text/csv': { schema: z.string() } },
          },
          ...problems('VALIDATION_FAILED', 'NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const lines = found(await readResultLines(store, id, request.query), 'search', id);
      void reply.type(mediaTypes[request.query.format]);
      // The type of a route speaks of its text, which comes in pieces.
      return reply.send(Readable.from(lines) as unknown as string);
    },
  );
  done();
};
