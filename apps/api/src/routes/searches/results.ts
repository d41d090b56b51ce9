import { coefficientsSchema, CompoundSearchError, leaderboardSchema } from '@compound-search/contracts';
import {
  createRankingThreads,
  keepRankings,
  leaderboardCsv,
  leaderboardCsvColumns,
  readCoefficients,
  readLeaderboard,
} from '@compound-search/search';
import type { ImportStore, SearchStore, TrialStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { answerIfChanged, conditionalNote, type KeptAnswers } from '../conditional.ts';
import { prefersCsv } from '../media-types.ts';
import { coefficientsQuerySchema, idParamsSchema, leaderboardQuerySchema } from '../requests.ts';
import { problems, success } from '../responses.ts';
import { curveRoute } from './curves.ts';
import { exportRoute } from './exported-results.ts';
import { importRoute } from './imported-results.ts';
import { refinementRoute } from './refinement.ts';

const csvNote =
  `With \`Accept: text/csv\` or \`format=csv\` all rows in one page, with the columns ${leaderboardCsvColumns.join(', ')}. ` +
  'They keep their places and meanings; new ones are added at the end.';

const leaderboardResponse = {
  description: 'A page of the leaderboard so far.',
  content: {
    'application/json': { schema: leaderboardSchema },
    'text/csv': { schema: z.string() },
  },
};

/** @throws CompoundSearchError VALIDATION_FAILED where there is one. */
function requireNoCursor(cursor: string | undefined): void {
  if (cursor === undefined) return;
  throw new CompoundSearchError('VALIDATION_FAILED', 'Comma-separated values come in one page, which has no cursor', {
    field: 'cursor',
    value: cursor,
    remedy: 'Leave out cursor, or ask for JSON.',
  });
}

interface ResultRouteOptions {
  readonly kept: KeptAnswers;
  readonly store: Pick<
    SearchStore,
    'getRevision' | 'getAnswer' | 'getResults' | 'getDefinition' | 'getCandidates' | 'getTrialsOf'
  > &
    Pick<TrialStore, 'listTrials' | 'listCurves'> &
    ImportStore;
}

/** What a search has found: the ranking while it goes on, the winner when it is known. */
export const resultRoutes: FastifyPluginCallbackZod<ResultRouteOptions> = (app, options, done) => {
  const threads = createRankingThreads();
  app.addHook('onClose', () => threads.close());
  const answering = { ...options, rank: keepRankings({ rank: threads.rank }) };
  addLeaderboard(app, answering);
  addCoefficients(app, answering);
  void app.register(curveRoute, { store: options.store, kept: options.kept });
  void app.register(exportRoute, { store: options.store });
  void app.register(importRoute, { store: options.store });
  void app.register(refinementRoute, { store: options.store });
  done();
};

interface Answering extends ResultRouteOptions {
  readonly rank: ReturnType<typeof keepRankings>;
}

type Routes = Parameters<typeof resultRoutes>[0];

function addLeaderboard(app: Routes, { store, kept, rank }: Answering): void {
  app.get(
    '/searches/:id/leaderboard',
    {
      schema: {
        operationId: 'getLeaderboard',
        summary: 'The candidates, best first or in another order, as JSON or as comma-separated values',
        tags: ['searches'],
        description: `${conditionalNote} ${csvNote}`,
        params: idParamsSchema,
        querystring: leaderboardQuerySchema,
        response: {
          200: leaderboardResponse,
          ...problems('VALIDATION_FAILED', 'NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    (request, reply) => {
      const searchId = request.params.id;
      const { limit, cursor, format, ...order } = request.query;
      void reply.header('vary', 'accept');
      if (format === 'json' || (format === undefined && !prefersCsv(request.headers.accept))) {
        const read = () => readLeaderboard(store, searchId, { limit, cursor, order }, rank);
        return answerIfChanged({ request, reply, store, kept, searchId, read });
      }
      requireNoCursor(cursor);
      void reply.type('text/csv; charset=utf-8');
      const read = async () => {
        const leaderboard = await readLeaderboard(store, searchId, { limit: Infinity, order }, rank);
        return leaderboard === null ? null : leaderboardCsv(leaderboard.rows);
      };
      return answerIfChanged({ request, reply, store, kept, searchId, form: 'csv', read });
    },
  );
}

function addCoefficients(app: Routes, { store, kept, rank }: Answering): void {
  app.get(
    '/searches/:id/coefficients',
    {
      schema: {
        operationId: 'getCoefficients',
        summary: 'The winning coefficients, with the evidence',
        description: conditionalNote,
        tags: ['searches'],
        params: idParamsSchema,
        querystring: coefficientsQuerySchema,
        response: {
          200: success('The coefficients.', coefficientsSchema),
          ...problems(
            'VALIDATION_FAILED',
            'NOT_FOUND',
            'COEFFICIENTS_NOT_READY',
            'NO_WINNER',
            'DEPENDENCY_UNAVAILABLE',
          ),
        },
      },
    },
    (request, reply) => {
      const searchId = request.params.id;
      const read = () => readCoefficients(store, searchId, { ...request.query, rank });
      return answerIfChanged({ request, reply, store, kept, searchId, read });
    },
  );
}
