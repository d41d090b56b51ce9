import {
  accessSchema,
  databaseUrlSchema,
  dataRootSchema,
  logLevelSchema,
  parseEnvironment,
  queuePrefixSchema,
  redisUrlSchema,
} from '@compound-search/contracts';
import { z } from 'zod';

import { hostnameOf } from './guards/allowed-hosts.ts';

function integer(minimum: number, maximum: number) {
  return z.coerce.number().int().min(minimum).max(maximum);
}

/** Names as a Host header has them, but for the port, which is the client's choice. */
const hostNamesSchema = z
  .string()
  .default('')
  .transform((text) =>
    text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((name) => name !== ''),
  )
  .refine((names) => names.every((name) => hostnameOf(name) === name), {
    error: 'Give names without scheme and port, with commas between them, such as search.example.com',
  });

/** Origins as browsers send them (RFC 6454). */
const originsSchema = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter((origin) => origin !== ''))
  .refine((origins) => origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin), {
    error: 'Give origins without a path, with commas between them, such as https://search.example.com',
  });

const environmentSchema = z.object({
  /** PostgreSQL, the record of everything. */
  DATABASE_URL: databaseUrlSchema,
  /** Valkey or Redis, for the queue. */
  REDIS_URL: redisUrlSchema,
  /** The address to listen on; loopback unless it is set on purpose. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** What the service answers to beside localhost: checked where this is set, or where only loopback is listened on. */
  COMPOUND_SEARCH_ALLOWED_HOSTS: hostNamesSchema,
  /** Pages of other sites that may use the service. */
  COMPOUND_SEARCH_ALLOWED_ORIGINS: originsSchema,
  /** Who may use the service: anyone where it listens on loopback, and holders of keys elsewhere, unless it is set. */
  COMPOUND_SEARCH_ACCESS: accessSchema.default('automatic'),
  /** A key that allows everything, for a service whose first keys are still to be made. */
  COMPOUND_SEARCH_ADMIN_KEY: z.string().min(32, { error: 'Give at least 32 random characters' }).optional(),
  /** Requests per minute of a key, where keys are needed; 0 for no limit. */
  RATE_LIMIT: integer(0, 1_000_000).default(6000),
  /** 0 takes any free port. */
  PORT: integer(0, 65_535).default(3210),
  /** A search with more candidates is refused. */
  MAXIMUM_CANDIDATES: integer(1, 100_000).default(200),
  /** Bytes of the largest body that is read. */
  BODY_LIMIT: integer(1024, 1024 ** 3).default(1024 ** 2),
  /** Streams of events at once; each is a connection that stays open. */
  MAXIMUM_STREAMS: integer(0, 10_000).default(100),
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
