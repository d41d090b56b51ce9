import { createLogger } from '@compound-search/logging';
import { closeOnShutdown, tellParent } from '@compound-search/shutdown';

import { readEnvironment } from './env.ts';
import { startServer } from './server.ts';

/** A request or a database that hangs must not keep the process for longer. */
const longestShutdown = 10_000;

const environment = readEnvironment();
const logger = createLogger({ name: 'api', level: environment.LOG_LEVEL });

try {
  const starting = startServer(environment, logger);
  // Listened for from the start, so that a wish that comes while the service starts is not lost.
  closeOnShutdown({
    log: logger,
    longestMilliseconds: longestShutdown,
    close: async () => (await starting).close(),
  });
  const { url } = await starting;
  logger.info({ url }, `listening at ${url}`);
  tellParent({ type: 'listening', url });
} catch (error) {
  logger.fatal({ err: error }, 'the service has failed');
  process.exit(1);
}
