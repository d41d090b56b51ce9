import { pino } from 'pino';

import { readEnvironment } from './env.ts';
import { startServer } from './server.ts';

const longestShutdown = 10_000;

const environment = readEnvironment();
const logger = pino({ name: 'api', level: environment.LOG_LEVEL });

const exitAfter = (reason: string, shutdown: () => Promise<void>) => (): void => {
  logger.info({ reason }, 'the service shuts down');
  // A request or a database that hangs must not keep the process; a second signal ends it at once.
  setTimeout(() => process.exit(1), longestShutdown).unref();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  shutdown().then(
    () => process.exit(0),
    (error: unknown) => {
      logger.error({ err: error }, 'the shutdown was not clean');
      process.exit(1);
    },
  );
};

try {
  const server = await startServer(environment, logger);
  let closing = false;
  const closeOnce = (reason: string) => (): void => {
    if (closing) return;
    closing = true;
    exitAfter(reason, () => server.close())();
  };
  process.once('SIGINT', closeOnce('SIGINT'));
  process.once('SIGTERM', closeOnce('SIGTERM'));
  // A parent that supervises this process has gone when its channel closes; nobody would stop the service then.
  process.once('disconnect', closeOnce('the supervising process has gone'));
  logger.info({ url: server.url }, `listening at ${server.url}`);
  process.send?.({ type: 'listening', url: server.url });
} catch (error) {
  logger.fatal({ err: error }, 'the service cannot start');
  process.exit(1);
}
