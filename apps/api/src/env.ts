import {
  databaseUrlSchema,
  dataRootSchema,
  logLevelSchema,
  parseEnvironment,
  queuePrefixSchema,
  redisUrlSchema,
} from '@compound-search/contracts';
import { z } from 'zod';

function integer(minimum: number, maximum: number) {
  return z.coerce.number().int().min(minimum).max(maximum);
}

const environmentSchema = z.object({
  /** PostgreSQL, the record of everything. */
  DATABASE_URL: databaseUrlSchema,
  /** Valkey or Redis, for the queue. */
  REDIS_URL: redisUrlSchema,
  /** The address to listen on; loopback unless it is set on purpose. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** 0 takes any free port. */
  PORT: integer(0, 65_535).default(3210),
  /** A search with more candidates is refused. */
  MAXIMUM_CANDIDATES: integer(1, 100_000).default(200),
  /** Bytes of the largest body that is read. */
  BODY_LIMIT: integer(1024, 1024 ** 3).default(1024 ** 2),
  COMPOUND_SEARCH_DATA_ROOT: dataRootSchema,
  LOG_LEVEL: logLevelSchema,
  /** Keeps several services on one Redis apart. */
  QUEUE_PREFIX: queuePrefixSchema,
});

/** What the environment decides about the service. */
export type Environment = Readonly<z.infer<typeof environmentSchema>>;

/** Reads the environment once. @throws Error that lists every variable at fault. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  return parseEnvironment(environmentSchema, variables);
}
