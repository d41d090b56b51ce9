import { CompoundSearchError, formatPath, schemaFaults } from '@compound-search/contracts';
import { withoutCredentials } from '@compound-search/sdk';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

const environmentSchema = z.object({
  /** PostgreSQL to use; a local one is started where it is absent. */
  DATABASE_URL: z.string().optional(),
  /** Valkey or Redis to use; a local one is started where it is absent. */
  REDIS_URL: z.string().optional(),
  /** The service that commands speak to. */
  COMPOUND_SEARCH_URL: z.url({ protocol: /^https?$/, error: 'Give a URL such as http://127.0.0.1:3210' }).optional(),
  /** The key to it, where it asks for one. In no option: command lines are seen by all users of a machine. */
  COMPOUND_SEARCH_KEY: z.string().optional(),
  /** Where `serve` keeps everything. */
  COMPOUND_SEARCH_DATA: z.string().optional(),
  /** Where `serve` finds data sets in files; `datasets` in the current directory where absent. */
  COMPOUND_SEARCH_DATA_ROOT: z.string().optional(),
  /** Address that `serve` listens on. */
  HOST: z.string().default('127.0.0.1'),
  /** Port that `serve` listens on; 0 takes any free one. */
  PORT: port.optional(),
  /** Trials that `serve` runs at once; as many as there are cores where absent. */
  COMPOUND_SEARCH_SLOTS: z.coerce.number().int().min(1).max(1024).optional(),
});

/** What the environment decides about the command, and what child processes inherit. */
export type Environment = Readonly<z.infer<typeof environmentSchema>> & {
  readonly inherited: Readonly<NodeJS.ProcessEnv>;
};

/** Reads the environment once. @throws CompoundSearchError VALIDATION_FAILED that names the first variable at fault. */
export function readEnvironment(variables: Readonly<NodeJS.ProcessEnv> = process.env): Environment {
  // An empty variable is one that is not set: that is how shells and compose files leave one out.
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(set);
  if (parsed.success) return Object.freeze({ ...parsed.data, inherited: Object.freeze({ ...set }) });
  const [fault] = schemaFaults(parsed.error, set);
  const field = formatPath(fault?.path ?? []);
  throw new CompoundSearchError('VALIDATION_FAILED', `The environment variable ${field} cannot be used`, {
    field,
    // What was meant as a URL may hold a password.
    value: withoutCredentials(set[field] ?? ''),
    ...(fault === undefined ? {} : { remedy: fault.message }),
  });
}
