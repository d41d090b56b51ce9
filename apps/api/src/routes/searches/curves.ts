import { curvePoints, curveSchema, pageOf, trialStates } from '@compound-search/contracts';
import type { SearchStore, TrialStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { answerIfChanged, conditionalNote, type KeptAnswers } from '../conditional.ts';
import { idParamsSchema, pageQuerySchema, queryInteger, queryIntegerOr } from '../requests.ts';
import { problems, success } from '../responses.ts';

interface CurveRouteOptions {
  readonly store: Pick<TrialStore, 'listCurves'> & Pick<SearchStore, 'getRevision'>;
  readonly kept: KeptAnswers;
}

const samplingNote =
  'A curve with more epochs than `points` has its first, its last and its best epoch by what the search ranks by (the ' +
  'earliest of several), and between them epochs at equal distances; values are those of single epochs, never means.';

const curveQuerySchema = pageQuerySchema.extend({
  points: queryIntegerOr(curvePoints.default, curvePoints.fewest, curvePoints.most).describe(
    'Epochs of a curve at most.',
  ),
  fingerprint: z.string().max(200).optional().describe('Only trials of the candidate with this network.'),
  seed: queryInteger(0, 2 ** 31 - 1).optional(),
  state: z.enum(trialStates).optional(),
});

/** How the trials of a search have learnt, for whoever draws them. */
export const curveRoute: FastifyPluginCallbackZod<CurveRouteOptions> = (app, { store, kept }, done) => {
  app.get(
    '/searches/:id/curves',
    {
      schema: {
        operationId: 'listCurves',
        summary: 'The learning curves of all trials of a search, as columns',
        description: `In the order of the queue; reruns and models are not among them. ${samplingNote} ${conditionalNote}`,
        tags: ['searches'],
        params: idParamsSchema,
        querystring: curveQuerySchema,
        response: {
          200: success('A page of curves.', pageOf(curveSchema)),
          ...problems('VALIDATION_FAILED', 'NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    (request, reply) => {
      const searchId = request.params.id;
      const read = () => store.listCurves(searchId, request.query);
      return answerIfChanged({ request, reply, store, kept, searchId, read });
    },
  );
  done();
};
