import { CompoundSearchError } from '@compound-search/contracts';
import type { RunningService, ServiceOptions } from '@compound-search/local-services';

import type { Run, Supervised } from '../supervision/supervised.ts';
import { defaultRestartPolicy, type RestartPolicy } from '../supervision/supervisor.ts';

/**
 * A server that cannot be started at all is told of at once, to whoever waits for the start. One that has run may be back
 * when the disk has room again: meanwhile API and worker are up and say what they wait for, so that nothing is lost by
 * minutes of patience.
 */
export const serviceRestartPolicy: RestartPolicy = {
  ...defaultRestartPolicy,
  longestPauseMilliseconds: 30_000,
  failedFirstStarts: 1,
  patienceMilliseconds: 300_000,
};

/** How a local server is started: see `startPostgres` and `startValkey`. */
export type StartService = (options: ServiceOptions) => Promise<RunningService>;

/** Keeps a local server alive, with the same data at the same address: API and worker were told where it is at their start. */
export function supervisedService(
  name: string,
  start: StartService,
  options: ServiceOptions,
): Supervised<RunningService> {
  let port = options.port;
  /** Why the last start failed. */
  let fault: unknown;
  const begin = async (): Promise<RunningService> => {
    const service = await start({ ...options, ...(port === undefined ? {} : { port }) });
    port = service.port;
    return service;
  };
  return {
    name,
    subject: name,
    start: () =>
      runOf(begin(), (error) => {
        fault = error;
      }),
    failure: (how, failedStarts) => failureOf(name, { fault, how, failedStarts }),
  };
}

function runOf(starting: Promise<RunningService>, onFault: (error: unknown) => void): Run<RunningService> {
  let pid: number | undefined;
  const ready = new Promise<RunningService>((resolve) => {
    starting.then(
      (service) => {
        ({ pid } = service);
        resolve(service);
      },
      () => undefined,
    );
  });
  const ended = starting.then(
    (service) => service.ended,
    (error: unknown) => {
      onFault(error);
      return error instanceof Error ? error.message : String(error);
    },
  );
  return {
    get pid() {
      return pid;
    },
    ready,
    ended,
    // A server has its own bounds, and hurry would only cost it a recovery at the next start.
    stop: () =>
      starting.then(
        (service) => service.stop(),
        () => undefined,
      ),
    kill: () => undefined,
  };
}

interface ServiceFailure {
  readonly fault: unknown;
  readonly how: string;
  readonly failedStarts: number;
}

/** What the server said is in the fault of its start; that a first start failed says no more than the fault itself. */
function failureOf(name: string, { fault, how, failedStarts }: ServiceFailure): CompoundSearchError {
  if (fault instanceof CompoundSearchError && failedStarts === 1) return fault;
  const { code = 'SERVICE_START_FAILED', value, remedy } = fault instanceof CompoundSearchError ? fault : {};
  return new CompoundSearchError(
    code,
    `${name} cannot be started again: ${failedStarts} starts in a row failed, the last one so: ${how}`,
    { field: name, value, ...(remedy === undefined ? {} : { remedy }), cause: fault },
  );
}
