import {
  type BaselineView,
  baselineViewSchema,
  CompoundSearchError,
  networkDocumentSchema,
} from '@compound-search/contracts';
import {
  baselines,
  type NetworkDescription,
  networkDescriptionSchema,
  parseNetworkDescription,
  scaleBaseline,
  summarizeNetwork,
} from '@compound-search/networks';
import type { BaselineStore } from '@compound-search/store';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

import { bodyProblems, problems, success } from '../responses.ts';

interface BaselineRouteOptions {
  readonly store: BaselineStore;
}

/** A baseline as it is described, before a data set changes its channels and classes. */
function viewBaseline(baseline: NetworkDescription, registered: boolean): BaselineView {
  const architecture = scaleBaseline(baseline, { depth: 1, width: 1, resolution: 1 });
  const { parameters, macs, activations } = summarizeNetwork(architecture).totals;
  const { name, summary } = baseline;
  const resolution = [...architecture.resolution];
  return { name, description: summary, resolution, parameters, macs, activations, registered };
}

/** The networks that a search can name: those that come with the service, and those that people have registered. */
export const baselineRoutes: FastifyPluginCallbackZod<BaselineRouteOptions> = (app, { store }, done) => {
  const builtIn = [...baselines.values()].map((baseline) => viewBaseline(baseline, false));

  app.get(
    '/baselines',
    {
      schema: {
        operationId: 'listBaselines',
        summary: 'The baseline networks, with their exact cost',
        tags: ['catalogue'],
        response: {
          200: success('All baselines.', baselineViewSchema.array()),
          ...problems('DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async () => {
      const registered = await store.listBaselines();
      return [...builtIn, ...registered.map((document) => viewBaseline(parseNetworkDescription(document), true))];
    },
  );

  addRegistration(app, store);
  addDescription(app, store);
  done();
};

type App = Parameters<typeof baselineRoutes>[0];

function addRegistration(app: App, store: BaselineStore): void {
  app.post(
    '/baselines',
    {
      schema: {
        operationId: 'registerBaseline',
        summary: 'Register a network of your own under its name',
        description: 'GET /v1/schemas/network has the schema. The same network again changes nothing.',
        tags: ['catalogue'],
        body: networkDocumentSchema,
        response: {
          200: success('The network was registered already.', baselineViewSchema),
          201: success('The network, registered.', baselineViewSchema),
          ...problems(...bodyProblems, 'NETWORK_INVALID', 'BASELINE_EXISTS', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ body }, reply) => {
      const description = parseNetworkDescription(body);
      const { name } = description;
      if (baselines.has(name)) throw nameTaken(name, 'comes with the service');
      const outcome = await store.registerBaseline(body);
      if (outcome === 'taken') throw nameTaken(name, 'is registered as another network');
      return reply
        .code(outcome === 'registered' ? 201 : 200)
        .header('location', `/v1/baselines/${name}`)
        .send(viewBaseline(description, true));
    },
  );
}

function addDescription(app: App, store: BaselineStore): void {
  app.get(
    '/baselines/:name',
    {
      schema: {
        operationId: 'getBaseline',
        summary: 'The description of a baseline, to start a network of your own from',
        tags: ['catalogue'],
        params: z.object({ name: z.string() }),
        response: {
          200: success('The description.', networkDescriptionSchema),
          ...problems('NOT_FOUND', 'DEPENDENCY_UNAVAILABLE'),
        },
      },
    },
    async ({ params: { name } }) => {
      const description = baselines.get(name) ?? (await store.getBaseline(name));
      if (description !== null) return networkDescriptionSchema.parse(description);
      throw new CompoundSearchError('NOT_FOUND', `There is no baseline ${name.slice(0, 100)}`, {
        field: 'name',
        value: name,
        remedy: 'GET /v1/baselines lists all baselines.',
      });
    },
  );
}

function nameTaken(name: string, why: string): CompoundSearchError {
  return new CompoundSearchError('BASELINE_EXISTS', `The name ${name} ${why}`, {
    field: 'name',
    value: name,
    remedy: 'Give the network another name.',
  });
}
