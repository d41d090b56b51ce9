import { availableParallelism } from 'node:os';

import {
  databaseUrlSchema,
  dataRootSchema,
  kernelSettingsSchema,
  logLevelSchema,
  parseEnvironment,
  queuePrefixSchema,
  redisUrlSchema,
  residentMegabytesSchema,
} from '@compound-search/contracts';
import { z } from 'zod';

const gpusSchema = z
  .string()
  .regex(/^\d+(?:,\d+)*$/u, 'must be numbers of GPUs with commas between them, as 0,0,1,1')
  .transform((list) => list.split(','));

const environmentSchema = z.object({
  /** PostgreSQL, the record of everything. */
  DATABASE_URL: databaseUrlSchema,
  /** Valkey or Redis, for the queue. */
  REDIS_URL: redisUrlSchema,
  /** Trials that run at the same time, each in a process of one thread; as many as there are cores, or GPUs named. */
  COMPOUND_SEARCH_SLOTS: z.coerce.number().int().min(1).max(1024).optional(),
  /** The GPU of each slot, as `0,0,1,1`: one that stands twice runs two trials at once. */
  COMPOUND_SEARCH_GPUS: gpusSchema.optional(),
  /** Checkpoints and graphs that trainings leave to later ones; the training package's own folder where absent. */
  COMPOUND_SEARCH_TRAINING_FOLDER: z.string().min(1).optional(),
  COMPOUND_SEARCH_DATA_ROOT: dataRootSchema,
  COMPOUND_SEARCH_RESIDENT_MEGABYTES: residentMegabytesSchema,
  // Where trainings are to run other kernels than the fastest ones of the processor; they inherit it.
  ...kernelSettingsSchema.shape,
  /** The port that `/metrics` is served on; 0 takes any free one, and none where absent. */
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** The address to serve it on. There are no keys here: whoever reaches it may read it. */
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  /** Keeps several services on one Redis apart. */
  QUEUE_PREFIX: queuePrefixSchema,
  LOG_LEVEL: logLevelSchema,
});

/** What the environment decides about the worker. */
export type Environment = Readonly<z.infer<typeof environmentSchema>>;

/** How many trials run at the same time. */
export function slotsOf(environment: Pick<Environment, 'COMPOUND_SEARCH_SLOTS' | 'COMPOUND_SEARCH_GPUS'>): number {
  return environment.COMPOUND_SEARCH_SLOTS ?? environment.COMPOUND_SEARCH_GPUS?.length ?? availableParallelism();
}

/** Reads the environment once. @throws Error that lists every variable at fault. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  return parseEnvironment(environmentSchema, variables);
}
