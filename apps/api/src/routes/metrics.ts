import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { Registry } from 'prom-client';
import { z } from 'zod';

import type { Metrics } from '../metrics/metrics.ts';
import { readServiceState, type ServiceParts } from '../metrics/service-state.ts';
import { problems } from './responses.ts';

interface MetricsRouteOptions extends ServiceParts {
  readonly metrics: Pick<Metrics, 'registry'>;
}

const metricsResponse = {
  description: 'The metrics in the text format of Prometheus.',
  content: { 'text/plain': { schema: z.string() } },
};

/** For Prometheus: the state of the service, and what this process has counted. */
export const metricsRoutes: FastifyPluginCallbackZod<MetricsRouteOptions> = (app, { metrics, store, queue }, done) => {
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'metrics',
        summary: 'What monitoring is to know',
        description:
          'What does not answer has no values but compound_search_dependency_up. docs/operations.md has all.',
        tags: ['health'],
        response: { 200: metricsResponse, ...problems() },
      },
    },
    async (request, reply) => {
      const state = await readServiceState({ store, queue }, (dependency, error) =>
        request.log.warn({ err: error, dependency }, 'the metrics have no values of what does not answer'),
      );
      const all = Registry.merge([state, metrics.registry]);
      return reply.type(all.contentType).send(await all.metrics());
    },
  );
  done();
};
