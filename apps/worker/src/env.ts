import { availableParallelism } from 'node:os';

import {
  databaseUrlSchema,
  dataRootSchema,
  logLevelSchema,
  parseEnvironment,
  queuePrefixSchema,
  redisUrlSchema,
} from '@compound-search/contracts';
import { z } from 'zod';

const environmentSchema = z.object({
  /** PostgreSQL, the record of everything. */
  DATABASE_URL: databaseUrlSchema,
  /** Valkey or Redis, for the queue. */
  REDIS_URL: redisUrlSchema,
  /** Trials that run at the same time, each in a process of one thread; as many as there are cores. */
  COMPOUND_SEARCH_SLOTS: z.coerce.number().int().min(1).max(1024).default(availableParallelism),
  COMPOUND_SEARCH_DATA_ROOT: dataRootSchema,
  /** Keeps several services on one Redis apart. */
  QUEUE_PREFIX: queuePrefixSchema,
  LOG_LEVEL: logLevelSchema,
});

/** What the environment decides about the worker. */
export type Environment = Readonly<z.infer<typeof environmentSchema>>;

/** Reads the environment once. @throws Error that lists every variable at fault. */
export const readEnvironment = (variables: NodeJS.ProcessEnv = process.env): Environment =>
  parseEnvironment(environmentSchema, variables);
