import { z } from 'zod';

import { formatPath, schemaFaults } from './schema-faults.ts';

function url(protocols: RegExp, example: string) {
  return z.url({ protocol: protocols, error: `Give a URL such as ${example}` });
}

/** PostgreSQL, the record of everything. */
export const databaseUrlSchema = url(/^postgres(ql)?$/, 'postgresql://user:password@127.0.0.1:5432/compound_search');

/** Valkey or Redis, for the queue. */
export const redisUrlSchema = url(/^rediss?$/, 'redis://127.0.0.1:6379');

/** Keeps several services on one Redis apart: the API and the workers of one service must agree on it. */
export const queuePrefixSchema = z.string().min(1).max(100).default('compound-search');

/** Folder below which searches find data sets in files: API and workers of one service must see the same files there. */
export const dataRootSchema = z.string().default('datasets');

/** MiB of images up to which a training keeps them in its graph; more are fed to it batch by batch. */
export const residentMegabytesSchema = z.coerce.number().int().min(0).max(1_048_576).default(1024);

export const logLevelSchema = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info');

/**
 * What a process's environment says, frozen. An empty variable is one that is not set: that is how compose files and
 * shells leave one out.
 *
 * @throws Error that lists every variable at fault
 */
export function parseEnvironment<T extends z.ZodType<object>>(
  schema: T,
  variables: Readonly<Record<string, string | undefined>>,
): Readonly<z.infer<T>> {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return Object.freeze(parsed.data);
  const faults = schemaFaults(parsed.error, set).map(({ path, message }) => `  ${formatPath(path)}: ${message}`);
  throw new Error(`The environment is not complete:\n${faults.join('\n')}`);
}
