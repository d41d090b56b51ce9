import { type Access, CompoundSearchError } from '@compound-search/contracts';
import {
  lockDataFolder,
  type RunningService,
  type ServiceEvent,
  startPostgres,
  startValkey,
} from '@compound-search/local-services';

import type { Environment } from '../env.ts';
import { aborted, type ShutdownSignals } from '../supervision/shutdown-signals.ts';
import type { Supervised } from '../supervision/supervised.ts';
import { supervisedProgram } from '../supervision/supervised-program.ts';
import { type SupervisionEvent, Supervisor, type SupervisorOptions } from '../supervision/supervisor.ts';
import { choosePort } from './port.ts';
import { apiProgram, listeningUrl, type ServiceUrls, workerProgram } from './programs.ts';
import { removeServiceRecord, writeServiceRecord } from './service-record.ts';
import { serviceRestartPolicy, type StartService, supervisedService } from './supervised-service.ts';

/** What a local service is started with. */
export interface StackOptions {
  readonly environment: Environment;
  readonly dataFolder: string;
  /** Port of the API; 0 takes any free one, undefined prefers the default one. */
  readonly port: number | undefined;
  /** Trials at once; as many as there are cores where undefined. */
  readonly slots: number | undefined;
  /** Who may use the API; as the environment says where undefined. */
  readonly access?: Access | undefined;
  readonly signals: Pick<ShutdownSignals, 'stop' | 'hasten'>;
  readonly onEvent: (event: StackEvent) => void;
}

/** What happens to the parts of a local service. */
export type StackEvent =
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'service'; readonly event: ServiceEvent }
  | { readonly type: 'part'; readonly event: SupervisionEvent };

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
    // A Ctrl-C ends whatever a start has called as well, whose end may be heard of before the signal.
    throw options.signals.stop.aborted ? new StartAbortedError() : error;
  }
}

async function startParts(options: StackOptions, releases: Releases): Promise<Omit<Stack, 'stop'>> {
  const { environment, signals, onEvent } = options;
  if (signals.stop.aborted) throw new StartAbortedError();
  const { folder: dataFolder, release } = lockDataFolder(options.dataFolder);
  releases.push(release);
  const chosen = await choosePort(environment.HOST, options.port ?? environment.PORT);
  if (chosen.note !== undefined) onEvent({ type: 'note', text: chosen.note });
  const parts = { options: { ...options, dataFolder }, releases };
  const services = await startServices(parts);
  const programOptions = { environment, dataFolder, ...services.urls };
  const needs = services.supervisors;

  // Clients keep the address, so a restarted API must come back on the port that the first one got.
  let { port } = chosen;
  const apiOptions = { ...programOptions, port: () => port, access: options.access };
  const api = keepAlive(supervisedProgram(apiProgram(apiOptions)), { needs }, parts);
  const url = listeningUrl(await readyUnlessStopped(api, signals.stop)) ?? '';
  if (port === 0) port = Number(new URL(url).port);

  const worker = keepAlive(
    supervisedProgram(workerProgram({ ...programOptions, slots: options.slots })),
    { needs },
    parts,
  );
  await readyUnlessStopped(worker, signals.stop);
  writeServiceRecord(dataFolder, { url, pid: process.pid });
  releases.push(() => removeServiceRecord(dataFolder, process.pid));
  const supervisors = [api, worker, ...services.supervisors];
  return { url, gaveUp: Promise.race(supervisors.map(({ gaveUp }) => gaveUp)) };
}

/** The servers that the programs need, and what keeps alive those that are ours. */
interface StartedServices {
  readonly urls: ServiceUrls;
  readonly supervisors: readonly Supervisor<RunningService>[];
}

/** Starts both at once, which saves a second; they are stopped one after the other, PostgreSQL last. */
async function startServices(parts: Parts): Promise<StartedServices> {
  const { options } = parts;
  const { environment, dataFolder, signals } = options;
  const onEvent = (event: ServiceEvent): void => options.onEvent({ type: 'service', event });
  const supervise = (name: string, start: StartService): Supervisor<RunningService> =>
    keepAlive(supervisedService(name, start, { dataFolder, onEvent }), { policy: serviceRestartPolicy }, parts);
  const { DATABASE_URL: givenDatabase, REDIS_URL: givenRedis } = environment;
  const postgres = givenDatabase === undefined ? supervise('PostgreSQL', startPostgres) : undefined;
  const valkey = givenRedis === undefined ? supervise('Valkey', startValkey) : undefined;
  const urlOf = async (supervisor: Supervisor<RunningService> | undefined, given = ''): Promise<string> =>
    supervisor === undefined ? given : (await readyUnlessStopped(supervisor, signals.stop)).url;
  const [databaseUrl, redisUrl] = await Promise.all([urlOf(postgres, givenDatabase), urlOf(valkey, givenRedis)]);
  return { urls: { databaseUrl, redisUrl }, supervisors: [postgres, valkey].filter((one) => one !== undefined) };
}

interface Parts {
  readonly options: StackOptions;
  readonly releases: Releases;
}

function keepAlive<Ready>(
  supervised: Supervised<Ready>,
  supervision: Omit<SupervisorOptions, 'onEvent'>,
  { options, releases }: Parts,
): Supervisor<Ready> {
  const onEvent = (event: SupervisionEvent): void => options.onEvent({ type: 'part', event });
  const supervisor = new Supervisor(supervised, { ...supervision, onEvent });
  releases.push(() => supervisor.stop(options.signals.hasten));
  return supervisor;
}

function readyUnlessStopped<Ready>(supervisor: Supervisor<Ready>, stop: AbortSignal): Promise<Ready> {
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
