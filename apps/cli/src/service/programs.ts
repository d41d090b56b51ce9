import { join, resolve } from 'node:path';

import type { Access } from '@compound-search/contracts';
import { z } from 'zod';

import type { Environment } from '../env.ts';
import { prepareLogFile } from '../supervision/log-file.ts';
import type { SupervisedProgram } from '../supervision/supervised-program.ts';
import { appEntry, repositoryRoot, typescriptLoader } from './repository.ts';

/** Where the parts of a local service find one another. */
export interface ServiceUrls {
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

interface ProgramOptions extends ServiceUrls {
  readonly environment: Environment;
  readonly dataFolder: string;
}

const listeningSchema = z.object({ type: z.literal('listening'), url: z.url() });
const readySchema = z.object({ type: z.literal('ready') });

/** The URL in the message by which the API says that it listens; undefined for any other message. */
export function listeningUrl(message: unknown): string | undefined {
  return listeningSchema.safeParse(message).data?.url;
}

interface ApiOptions extends ProgramOptions {
  /** Asked anew at every start. */
  readonly port: () => number;
  readonly access: Access | undefined;
}

/** The API as a child process. */
export function apiProgram(options: ApiOptions): SupervisedProgram {
  const { access } = options;
  return {
    ...appProgram(options, 'api'),
    name: 'API',
    environment: () => ({
      ...shared(options),
      ...(access === undefined ? {} : { COMPOUND_SEARCH_ACCESS: access }),
      HOST: options.environment.HOST,
      PORT: String(options.port()),
    }),
    isReady: (message) => listeningUrl(message) !== undefined,
  };
}

/** A worker as a child process; `slots` are the trials that it runs at once. */
export function workerProgram(options: ProgramOptions & { readonly slots: number | undefined }): SupervisedProgram {
  return {
    ...appProgram(options, 'worker'),
    name: 'worker',
    environment: () => ({
      COMPOUND_SEARCH_TRAINING_FOLDER: join(options.dataFolder, 'trainings'),
      ...shared(options),
      ...(options.slots === undefined ? {} : { COMPOUND_SEARCH_SLOTS: String(options.slots) }),
    }),
    isReady: (message) => readySchema.safeParse(message).success,
  };
}

function appProgram({ dataFolder }: ProgramOptions, app: 'api' | 'worker') {
  return {
    entry: appEntry(app),
    nodeArguments: ['--import', typescriptLoader()],
    workingFolder: repositoryRoot,
    logFile: prepareLogFile(dataFolder, app),
  };
}

function shared({ environment, databaseUrl, redisUrl }: ProgramOptions): NodeJS.ProcessEnv {
  return {
    ...environment.inherited,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    // The programs run in another folder, so what is relative to this one is settled here.
    COMPOUND_SEARCH_DATA_ROOT: resolve(environment.COMPOUND_SEARCH_DATA_ROOT ?? 'datasets'),
  };
}
