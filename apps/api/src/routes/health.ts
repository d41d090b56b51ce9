import { CompoundSearchError } from '@compound-search/contracts';
import type { TrialQueue } from '@compound-search/queue';
import type { Store } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { problems, success } from './responses.ts';

interface HealthRouteOptions {
  readonly store: Pick<Store, 'ping'>;
  readonly queue: Pick<TrialQueue, 'ping'>;
}

const aliveSchema = z.object({ status: z.literal('alive') });
const readySchema = z.object({ status: z.literal('ready') });

/** For supervisors and load balancers: whether the process runs, and whether it can do its work. */
export const healthRoutes: FastifyPluginCallbackZod<HealthRouteOptions> = (app, { store, queue }, done) => {
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'health',
        summary: 'The process is alive',
        tags: ['health'],
        response: { 200: success('It is.', aliveSchema), ...problems() },
      },
    },
    () => ({ status: 'alive' as const }),
  );

  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'readiness',
        summary: 'The database and the queue answer',
        tags: ['health'],
        response: { 200: success('They do.', readySchema), ...problems('DEPENDENCY_UNAVAILABLE') },
      },
    },
    async () => {
      const dependencies = { database: store, queue } as const;
      const answers = await Promise.all(
        Object.entries(dependencies).map(([name, dependency]) =>
          dependency.ping().then(
            () => undefined,
            (error: unknown) => ({ name, error }),
          ),
        ),
      );
      const silent = answers.filter((answer) => answer !== undefined);
      if (silent.length > 0) throw notReady(silent);
      return { status: 'ready' as const };
    },
  );
  done();
};

function notReady(silent: readonly { readonly name: string; readonly error: unknown }[]): CompoundSearchError {
  const names = silent.map(({ name }) => name);
  return new CompoundSearchError('DEPENDENCY_UNAVAILABLE', `No answer from: ${names.join(', ')}`, {
    field: 'dependencies',
    value: names,
    remedy: 'Check DATABASE_URL and REDIS_URL of the service, and that both servers run.',
    cause: new AggregateError(
      silent.map(({ error }) => error),
      silent.map(({ name, error }) => `${name}: ${String(error)}`).join('; '),
    ),
  });
}
