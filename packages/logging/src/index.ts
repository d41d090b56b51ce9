/** The log of the service's processes, which a full disk neither ends nor stops. The API and the worker import it. */
export { createLogger, type LoggerOptions } from './create-logger.ts';
