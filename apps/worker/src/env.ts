import { availableParallelism } from 'node:os';

import { z } from 'zod';

const url = (protocols: RegExp, example: string) =>
  z.url({ protocol: protocols, error: `Give a URL such as ${example}` });

const environmentSchema = z.object({
  /** PostgreSQL, the record of everything. */
  DATABASE_URL: url(/^postgres(ql)?$/, 'postgresql://user:password@127.0.0.1:5432/compound_search'),
  /** Valkey or Redis, for the queue. */
  REDIS_URL: url(/^rediss?$/, 'redis://127.0.0.1:6379'),
  /** Trials that run at the same time, each in a process of one thread; as many as there are cores. */
  COMPOUND_SEARCH_SLOTS: z.coerce.number().int().min(1).max(1024).default(availableParallelism),
  /** Keeps several services on one Redis apart. */
  QUEUE_PREFIX: z.string().min(1).max(100).default('compound-search'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** What the environment decides about the worker. */
export type Environment = Readonly<z.infer<typeof environmentSchema>>;

/** Reads the environment once. @throws Error that lists every variable at fault. */
export const readEnvironment = (variables: NodeJS.ProcessEnv = process.env): Environment => {
  // An empty variable is one that is not set: that is how compose files and shells leave one out.
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(set);
  if (parsed.success) return Object.freeze(parsed.data);
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The environment is not complete:\n${faults.join('\n')}`);
};
