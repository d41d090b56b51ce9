import { randomUUID } from 'node:crypto';

import { createDatasetChecker, type DatasetCheckerOptions } from '@compound-search/datasets';
import type { TrialQueue } from '@compound-search/queue';
import type { PlanLimits } from '@compound-search/search';
import type { Store } from '@compound-search/store';
import { fastify, type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';

import { clientErrorHandler, type OpenResponses, watchResponses } from './errors/client-errors.ts';
import { answerError } from './errors/error-handler.ts';
import { watchMethods } from './errors/method-not-allowed.ts';
import { refuseUnknownPaths } from './errors/unknown-path.ts';
import type { EventStreamLimits } from './events/event-streams.ts';
import { type AccessOptions, guardAccess, openAccess } from './guards/access.ts';
import { guardHosts, isProbe } from './guards/allowed-hosts.ts';
import { guardBrowsers } from './guards/browsers.ts';
import { guardContent } from './guards/content.ts';
import { guardCrossSite } from './guards/cross-site.ts';
import { guardProtocol } from './guards/protocol.ts';
import { guardStopping } from './guards/stopping.ts';
import { closeUnusedConnections } from './guards/unused-connections.ts';
import { createMetrics, type Metrics } from './metrics/metrics.ts';
import { registerOpenApi } from './openapi.ts';
import { parseJsonOnly, validatorCompiler } from './parsing.ts';
import { baselineRoutes } from './routes/catalogue/baselines.ts';
import { datasetRoutes } from './routes/catalogue/datasets.ts';
import { networkRoutes } from './routes/catalogue/networks.ts';
import { claimRoutes } from './routes/claims/claims.ts';
import { keepAnswers } from './routes/conditional.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { keyRoutes } from './routes/keys/keys.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { modelRoutes } from './routes/models/models.ts';
import { startModelRoute } from './routes/models/start-model.ts';
import { pageRoutes } from './routes/page.ts';
import { changeSearchRoute } from './routes/searches/change-search.ts';
import { comparisonRoutes } from './routes/searches/comparisons.ts';
import { decisionRoutes } from './routes/searches/decisions.ts';
import { extensionRoute } from './routes/searches/extensions.ts';
import { lifeCycleRoutes } from './routes/searches/life-cycle.ts';
import { planRoutes } from './routes/searches/plans.ts';
import { resultRoutes } from './routes/searches/results.ts';
import { searchRoutes } from './routes/searches/searches.ts';
import { startSearchRoute } from './routes/searches/start-search.ts';
import { transferRoutes } from './routes/searches/transfers.ts';
import { cancelTrialRoute } from './routes/trials/cancel-trial.ts';
import { rerunRoutes } from './routes/trials/reruns.ts';
import { trialRoutes } from './routes/trials/trials.ts';
import { workerRoutes } from './routes/workers/workers.ts';
import { serializerCompiler } from './serialization.ts';

/** What the service is made of. */
export interface AppOptions {
  readonly store: Store;
  readonly queue: Pick<TrialQueue, 'add' | 'ping' | 'counts'>;
  readonly limits: PlanLimits;
  /** Where the data sets in files lie, and how long a request waits for one to be read. */
  readonly datasets?: DatasetCheckerOptions;
  /** Bytes of the largest body that is read. */
  readonly bodyLimit: number;
  /** Names that the service answers to beside those of loopback, without a port; any name where undefined. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Origins of web pages of other sites that may use the service; none by default. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Who may use it; anyone by default. */
  readonly access?: AccessOptions | undefined;
  /** How many streams of events it sends at once, and how. */
  readonly streams?: Partial<EventStreamLimits>;
  /** What `/metrics` tells beside the state of the service; of this instance alone by default. */
  readonly metrics?: Metrics;
  /** The page's files; none at `/` where undefined. */
  readonly pageFolder?: string;
  readonly logger: FastifyBaseLogger;
}

/** Wires the routes to a store and a queue; the caller listens, or injects requests. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { store, queue, limits, datasets = {}, bodyLimit, logger, metrics = createMetrics() } = options;
  const responses: OpenResponses = new WeakMap();
  const app: FastifyInstance = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: isProbe }),
    bodyLimit,
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    http: { requireHostHeader: false },
    return503OnClosing: false,
    clientErrorHandler: clientErrorHandler(logger, responses),
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  });
  watchResponses(app.server, responses);
  closeUnusedConnections(app);
  observeRequests(app, metrics);
  app.setErrorHandler(answerError);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await guardRequests(app, options);
  parseJsonOnly(app);
  guardContent(app);
  await registerOpenApi(app);
  const refuseOtherMethods = watchMethods(app);

  const { dataRoot } = datasets;
  const checker = createDatasetChecker(datasets);
  // Before requests under way are waited for: those that wait for a data set are then answered at once.
  app.addHook('preClose', () => checker.close());

  const v1 = { prefix: '/v1', store, queue, limits, dataRoot, checker };
  await registerStarts(app, v1);
  await registerSearches(app, v1);
  await app.register(eventRoutes, { ...v1, streams: options.streams ?? {} });
  await registerTrials(app, v1);
  await registerCatalogue(app, v1);
  await registerAdministration(app, v1);
  await app.register(healthRoutes, { store, queue });
  await app.register(metricsRoutes, { metrics, store, queue });
  await registerDescriptions(app, options);

  refuseOtherMethods();
  return app;
}

/** What tells people about the service: its page, and its description. */
async function registerDescriptions(app: FastifyInstance, { pageFolder }: AppOptions): Promise<void> {
  if (pageFolder !== undefined) await app.register(pageRoutes, { pageFolder });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

function observeRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    metrics.observeRequest(request, reply);
    done();
  });
}

/** Refuses what no route should see. */
async function guardRequests(app: FastifyInstance, options: AppOptions): Promise<void> {
  const { store, allowedHosts, allowedOrigins = [], access = openAccess } = options;
  guardStopping(app);
  guardProtocol(app);
  await guardBrowsers(app, allowedOrigins);
  guardHosts(app, allowedHosts);
  guardCrossSite(app, allowedOrigins);
  refuseUnknownPaths(app);
  await guardAccess(app, access, store);
}

type StartOptions = Parameters<typeof startSearchRoute>[1] &
  Parameters<typeof extensionRoute>[1] &
  Parameters<typeof transferRoutes>[1];

/** What the routes below /v1 are made of. */
interface RouteOptions extends StartOptions {
  readonly prefix: string;
  readonly store: Store;
  readonly queue: AppOptions['queue'];
}

/** Whatever starts searches. */
async function registerStarts(app: FastifyInstance, options: RouteOptions): Promise<void> {
  await app.register(startSearchRoute, options);
  await app.register(extensionRoute, options);
  await app.register(comparisonRoutes, options);
  await app.register(transferRoutes, options);
}

/** Searches that there are, and what they have found. */
async function registerSearches(app: FastifyInstance, options: RouteOptions): Promise<void> {
  const kept = keepAnswers();
  await app.register(searchRoutes, { ...options, kept });
  await app.register(changeSearchRoute, options);
  await app.register(lifeCycleRoutes, options);
  await app.register(resultRoutes, { ...options, kept });
  await app.register(decisionRoutes, options);
}

async function registerTrials(app: FastifyInstance, options: RouteOptions): Promise<void> {
  await app.register(trialRoutes, options);
  await app.register(claimRoutes, options);
  await app.register(rerunRoutes, options);
  await app.register(cancelTrialRoute, options);
  await app.register(startModelRoute, options);
  await app.register(modelRoutes, options);
}

/** What a search can be made of, and what it would be. */
async function registerCatalogue(app: FastifyInstance, options: RouteOptions): Promise<void> {
  await app.register(planRoutes, options);
  await app.register(networkRoutes, options);
  await app.register(baselineRoutes, options);
  await app.register(datasetRoutes, options);
}

/** What is for whoever runs the service. */
async function registerAdministration(app: FastifyInstance, options: RouteOptions): Promise<void> {
  await app.register(keyRoutes, options);
  await app.register(workerRoutes, options);
}
