/**
 * How the processes of the service end: on a signal, without their parent, after an error that nothing handles, and
 * always in a bounded time. The API and the worker import it.
 */
export { closeOnShutdown, type ShutdownLog, type ShutdownOptions } from './close-on-shutdown.ts';
export { tellParent } from './tell-parent.ts';
