import { type BaselineView, baselineViewSchema, datasetViewSchema } from '@compound-search/contracts';
import { datasets } from '@compound-search/datasets';
import { baselines, type NetworkDescription, scaleBaseline, summarizeNetwork } from '@compound-search/networks';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';

import { problems, success } from './responses.ts';

/** A baseline as it is described, before a data set changes its channels and classes. */
const viewBaseline = (baseline: NetworkDescription): BaselineView => {
  const architecture = scaleBaseline(baseline, { depth: 1, width: 1, resolution: 1 });
  const { parameters, macs, activations } = summarizeNetwork(architecture).totals;
  const { name, summary } = baseline;
  return { name, description: summary, resolution: [...architecture.resolution], parameters, macs, activations };
};

/** What a search can name. The lists never change while the process runs, so they are computed once. */
export const catalogueRoutes: FastifyPluginCallbackZod = (app, _options, done) => {
  const baselineViews = [...baselines.values()].map(viewBaseline);

  app.get(
    '/baselines',
    {
      schema: {
        operationId: 'listBaselines',
        summary: 'The baseline networks, with their exact cost',
        tags: ['catalogue'],
        response: { 200: success('All baselines.', baselineViewSchema.array()), ...problems() },
      },
    },
    () => baselineViews,
  );

  app.get(
    '/datasets',
    {
      schema: {
        operationId: 'listDatasets',
        summary: 'The data sets',
        tags: ['catalogue'],
        response: { 200: success('All data sets.', datasetViewSchema.array()), ...problems() },
      },
    },
    () => [...datasets],
  );
  done();
};
