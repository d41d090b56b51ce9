import { CompoundSearchError } from '@compound-search/contracts';
import { lockDataFolder, type ServiceEvent, startPostgres, startValkey } from '@compound-search/local-services';

import type { Environment } from '../env.ts';
import { aborted, type ShutdownSignals } from '../supervision/shutdown-signals.ts';
import { type ProgramEvent, type SupervisedProgram, Supervisor } from '../supervision/supervisor.ts';
import { choosePort } from './port.ts';
import { apiProgram, listeningUrl, type ServiceUrls, workerProgram } from './programs.ts';
import { removeServiceRecord, writeServiceRecord } from './service-record.ts';

/** What a local service is started with. */
export interface StackOptions {
  readonly environment: Environment;
  readonly dataFolder: string;
  /** Port of the API; 0 takes any free one, undefined prefers the default one. */
  readonly port: number | undefined;
  /** Trials at once; as many as there are cores where undefined. */
  readonly slots: number | undefined;
  readonly signals: Pick<ShutdownSignals, 'stop' | 'hasten'>;
  readonly onEvent: (event: StackEvent) => void;
}

/** What happens to the parts of a local service. */
export type StackEvent =
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'service'; readonly event: ServiceEvent }
  | { readonly type: 'program'; readonly event: ProgramEvent };

/** A local service that answers. */
export interface Stack {
  readonly url: string;
  /** Resolves where one of its parts cannot be kept alive; never rejects. */
  readonly gaveUp: Promise<CompoundSearchError>;
  /** Ends all parts in order: worker, API, Valkey, PostgreSQL. */
  readonly stop: () => Promise<void>;
}

/** The start was given up because a signal asked for it; everything has been stopped again. */
export class StartAbortedError extends Error {
  constructor() {
    super('The start was interrupted.');
    this.name = 'StartAbortedError';
  }
}

/** What has been taken so far; released in the opposite order. */
type Releases = (() => Promise<void> | void)[];

/**
 * Starts PostgreSQL and Valkey (each unless the environment names one), the API and a worker.
 *
 * @throws CompoundSearchError where a part cannot be started, StartAbortedError where a signal came first; nothing runs
 * then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const releases: Releases = [];
  try {
    const running = await startParts(options, releases);
    return { ...running, stop: () => releaseAll(releases) };
  } catch (error) {
    await releaseAll(releases);
    throw error;
  }
}

async function startParts(options: StackOptions, releases: Releases): Promise<Omit<Stack, 'stop'>> {
  const { environment, signals, onEvent } = options;
  if (signals.stop.aborted) throw new StartAbortedError();
  const { folder: dataFolder, release } = lockDataFolder(options.dataFolder);
  releases.push(release);
  const chosen = await choosePort(environment.HOST, options.port ?? environment.PORT);
  if (chosen.note !== undefined) onEvent({ type: 'note', text: chosen.note });
  const services = await startServices({ ...options, dataFolder }, releases);
  const programOptions = { environment, dataFolder, ...services };

  // Clients keep the address, so a restarted API must come back on the port that the first one got.
  let { port } = chosen;
  const api = keepAlive(apiProgram({ ...programOptions, port: () => port }), options, releases);
  const url = listeningUrl(await readyUnlessStopped(api, signals.stop)) ?? '';
  if (port === 0) port = Number(new URL(url).port);

  const worker = keepAlive(workerProgram({ ...programOptions, slots: options.slots }), options, releases);
  await readyUnlessStopped(worker, signals.stop);
  writeServiceRecord(dataFolder, { url, pid: process.pid });
  releases.push(() => removeServiceRecord(dataFolder, process.pid));
  return { url, gaveUp: Promise.race([api.gaveUp, worker.gaveUp, services.lost]) };
}

async function startServices(
  options: StackOptions,
  releases: Releases,
): Promise<ServiceUrls & { readonly lost: Promise<CompoundSearchError> }> {
  const { environment, dataFolder, signals } = options;
  let tellLoss: (error: CompoundSearchError) => void = () => undefined;
  const lost = new Promise<CompoundSearchError>((resolve) => {
    tellLoss = resolve;
  });
  const onEvent = (event: ServiceEvent): void => {
    options.onEvent({ type: 'service', event });
    if (event.state === 'ended') tellLoss(lossOf(event));
  };
  const given = (url: string) => Promise.resolve({ url, stop: () => Promise.resolve() });
  // Both at once, which saves a second; they are stopped one after the other, PostgreSQL last.
  const starts = await Promise.allSettled([
    environment.DATABASE_URL === undefined ? startPostgres({ dataFolder, onEvent }) : given(environment.DATABASE_URL),
    environment.REDIS_URL === undefined ? startValkey({ dataFolder, onEvent }) : given(environment.REDIS_URL),
  ]);
  for (const start of starts) {
    if (start.status === 'fulfilled') releases.push(() => start.value.stop());
  }
  if (signals.stop.aborted) throw new StartAbortedError();
  const [postgres, valkey] = starts;
  if (postgres.status === 'rejected') throw postgres.reason;
  if (valkey.status === 'rejected') throw valkey.reason;
  return { databaseUrl: postgres.value.url, redisUrl: valkey.value.url, lost };
}

function lossOf({ service, detail }: ServiceEvent): CompoundSearchError {
  return new CompoundSearchError(
    'DEPENDENCY_UNAVAILABLE',
    `The local ${service} has ended${detail === undefined ? '' : `: ${detail}`}`,
    {
      field: service,
      remedy: 'Start the service again; nothing that was stored is lost.',
    },
  );
}

function keepAlive(program: SupervisedProgram, options: StackOptions, releases: Releases): Supervisor {
  const supervisor = new Supervisor(program, { onEvent: (event) => options.onEvent({ type: 'program', event }) });
  releases.push(() => supervisor.stop(options.signals.hasten));
  return supervisor;
}

function readyUnlessStopped(supervisor: Supervisor, stop: AbortSignal): Promise<unknown> {
  return Promise.race([
    supervisor.ready,
    aborted(stop).then(() => {
      throw new StartAbortedError();
    }),
  ]);
}

/** All are released even where one fails; the first error is thrown at the end. */
async function releaseAll(releases: Releases): Promise<void> {
  const errors: unknown[] = [];
  for (let release = releases.pop(); release !== undefined; release = releases.pop()) {
    try {
      await release();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
