import { fileURLToPath } from 'node:url';

import { CompoundSearchError } from '@compound-search/contracts';
import { createTrialQueue, type TrialQueue } from '@compound-search/queue';
import { createReconciler } from '@compound-search/search';
import { createStore, type Store } from '@compound-search/store';
import type { Logger } from 'pino';

import { buildApp } from './app.ts';
import type { Environment } from './env.ts';
import type { AccessOptions } from './guards/access.ts';
import { isLoopback } from './guards/allowed-hosts.ts';
import { createMetrics } from './metrics/metrics.ts';

/** What the set-up builds of the page. */
const pageFolder = fileURLToPath(new URL('../../dashboard/dist', import.meta.url));

/** A service that listens. */
export interface Server {
  readonly url: string;
  /** Answers what is under way, then lets go of everything. */
  close(): Promise<void>;
}

type Release = () => Promise<void>;

/** Starts the service: brings the tables up to date, listens and moves searches forward. What fails on the way is undone. */
export async function startServer(environment: Environment, logger: Logger): Promise<Server> {
  const releases: Release[] = [];
  try {
    const url = await start(environment, logger, releases);
    return { url, close: () => releaseAll(releases) };
  } catch (error) {
    await releaseAll(releases).catch((second: unknown) =>
      logger.warn({ err: second }, 'the start was not fully undone'),
    );
    throw error;
  }
}

async function start(environment: Environment, logger: Logger, releases: Release[]): Promise<string> {
  const store = createStore({ databaseUrl: environment.DATABASE_URL });
  releases.push(() => store.close());
  await store.migrate((line) => logger.info(line));

  const access = await chooseAccess(environment, store, logger);

  const queue = createTrialQueue({ redisUrl: environment.REDIS_URL, prefix: environment.QUEUE_PREFIX });
  releases.push(() => queue.close());
  await reportQueue(queue, logger);

  const metrics = createMetrics();
  const reconciler = createReconciler({ store, queue, log: logger, counter: metrics });
  reconciler.start();
  releases.push(() => reconciler.stop());

  const limits = { maximumCandidates: environment.MAXIMUM_CANDIDATES };
  const { BODY_LIMIT: bodyLimit, COMPOUND_SEARCH_DATA_ROOT: dataRoot } = environment;
  const guards = {
    access,
    allowedHosts: allowedHostsOf(environment),
    allowedOrigins: environment.COMPOUND_SEARCH_ALLOWED_ORIGINS,
  };
  const datasets = { dataRoot };
  const streams = { most: environment.MAXIMUM_STREAMS };
  const parts = { store, queue, limits, datasets, streams, bodyLimit, metrics, pageFolder, logger };
  const app = await buildApp({ ...parts, ...guards });
  releases.push(() => app.close());
  return app.listen({ host: environment.HOST, port: environment.PORT });
}

/** A service that others can reach goes by names that only its owner knows, so all are allowed until some are listed. */
function allowedHostsOf({ HOST, COMPOUND_SEARCH_ALLOWED_HOSTS: names }: Environment): readonly string[] | undefined {
  return isLoopback(HOST) || names.length > 0 ? names : undefined;
}

/**
 * Who may use the service.
 *
 * @throws CompoundSearchError ACCESS_UNPROTECTED where keys are needed and there are none: nobody could come in
 */
async function chooseAccess(environment: Environment, store: Store, logger: Logger): Promise<AccessOptions> {
  const { HOST, COMPOUND_SEARCH_ACCESS: access, COMPOUND_SEARCH_ADMIN_KEY: adminKey, RATE_LIMIT } = environment;
  const isLocal = isLoopback(HOST);
  if (access === 'anyone' || (access === 'automatic' && isLocal)) {
    if (!isLocal) logger.warn({ host: HOST }, 'anyone who reaches this address may do everything, deletion included');
    return { mode: 'anyone', requestsPerMinute: 0 };
  }
  if (adminKey === undefined && (await store.listApiKeys()).length === 0) {
    throw new CompoundSearchError('ACCESS_UNPROTECTED', `The service is to listen on ${HOST}, and there are no keys`, {
      field: 'HOST',
      value: HOST,
      remedy:
        'Make a key on a service that listens on loopback (compound-search keys add <name> --role admin), or set ' +
        'COMPOUND_SEARCH_ADMIN_KEY; COMPOUND_SEARCH_ACCESS=anyone opens it to whoever reaches it.',
    });
  }
  return { mode: 'keys', adminKey, requestsPerMinute: RATE_LIMIT };
}

/** A queue that does not answer now is no reason not to start: the record is in the store, and the queue is filled later. */
async function reportQueue(queue: TrialQueue, logger: Logger): Promise<void> {
  try {
    for (const warning of await queue.warnings()) logger.warn(warning);
  } catch (error) {
    logger.warn({ err: error }, 'the queue does not answer yet');
  }
}

/** Last taken, first released; all are released, and the first error is thrown at the end. */
async function releaseAll(releases: Release[]): Promise<void> {
  const errors: unknown[] = [];
  for (let release = releases.pop(); release !== undefined; release = releases.pop()) {
    await release().catch((error: unknown) => errors.push(error));
  }
  if (errors.length > 0) throw errors[0];
}
