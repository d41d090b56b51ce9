import { pino } from 'pino';

import { readEnvironment } from './env.ts';
import { startServer } from './server.ts';

/** A request or a database that hangs must not keep the process for longer. */
const longestShutdown = 10_000;

/** Resolves with the reason when somebody wants the process to end; wanting it twice ends the process at once. */
function askedToEnd(): Promise<string> {
  return new Promise((resolve) => {
    const end = (reason: string) => (): void => {
      resolve(reason);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.removeAllListeners(signal);
        process.once(signal, () => process.exit(1));
      }
      setTimeout(() => process.exit(1), longestShutdown).unref();
    };
    process.once('SIGINT', end('SIGINT'));
    process.once('SIGTERM', end('SIGTERM'));
    // A parent that supervises this process has gone when its channel closes; nobody would stop the service then.
    const endAlone = end('the supervising process has gone');
    process.once('disconnect', endAlone);
    // The channel may have closed while this file was loaded.
    if (process.send !== undefined && !process.connected) endAlone();
  });
}

const environment = readEnvironment();
const logger = pino({ name: 'api', level: environment.LOG_LEVEL });

try {
  // Listened for from the start, so that a wish that comes while the service starts is not lost.
  const end = askedToEnd();
  const server = await startServer(environment, logger);
  logger.info({ url: server.url }, `listening at ${server.url}`);
  if (process.connected) process.send?.({ type: 'listening', url: server.url });

  const reason = await end;
  logger.info({ reason }, 'the service shuts down');
  await server.close();
  process.exit(0);
} catch (error) {
  logger.fatal({ err: error }, 'the service has failed');
  process.exit(1);
}
