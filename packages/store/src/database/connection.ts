import { CompoundSearchError } from '@compound-search/contracts';
import type { ClientConfig } from 'pg';

/**
 * Long enough for a server that is starting, short enough for a person who waits. It also bounds the wait for a free
 * connection of the pool.
 */
const CONNECT_TIMEOUT_MILLISECONDS = 5_000;

/** The parameters of the URL that have an effect: `pg` reads all but `schema`, which is read here. */
const PARAMETERS = [
  'application_name',
  'fallback_application_name',
  'host',
  'options',
  'password',
  'port',
  'schema',
  'ssl',
  'sslcert',
  'sslkey',
  'sslmode',
  'sslnegotiation',
  'sslrootcert',
  'uselibpqcompat',
  'user',
];

/** What people write who come from another client, and what to do here instead. */
const REMEDIES: Readonly<Record<string, string>> = {
  connection_limit: 'Leave it out: the API holds at most 11 connections, a worker one more than it has slots.',
  pgbouncer: 'Leave it out and connect to PostgreSQL itself: the service sets up each session for its own use.',
  search_path: 'Name the schema by the parameter `schema`.',
};

const SCHEMA_NAME = /^[A-Za-z_][A-Za-z0-9_$]{0,62}$/;

/**
 * What every session needs to read and write the same values, whatever the server, the role or the database is set to.
 * Prisma takes each time for UTC in ISO form. From 1 on, PostgreSQL writes numbers so that they are read back exactly.
 */
const SESSION_SETTINGS = ['TimeZone=UTC', 'DateStyle=ISO', 'extra_float_digits=1'];

export interface Connection {
  /** The schema that holds the tables. */
  readonly schema: string;
  /** For `pg`. Unqualified names in its sessions are those of the schema. */
  readonly config: ClientConfig;
}

/**
 * Reads a URL such as `postgresql://user:password@host:port/database?schema=team_a`. The schema is `public` by default.
 * @throws CompoundSearchError `VALIDATION_FAILED` for a parameter that would have no effect, with its name.
 */
export function connectionTo(databaseUrl: string): Connection {
  const url = parseUrl(databaseUrl);
  for (const name of url.searchParams.keys()) requireKnown(name);
  const schema = url.searchParams.get('schema') ?? 'public';
  if (!SCHEMA_NAME.test(schema)) {
    throw refusal('schema', 'DATABASE_URL names a schema that cannot be one', {
      value: schema,
      remedy: 'Use up to 63 letters, digits and underscores, beginning with a letter.',
    });
  }
  const given = url.searchParams.get('options') ?? '';
  if (/\bsearch_path\b/i.test(given)) {
    throw refusal('options', 'DATABASE_URL sets search_path, which decides where the tables are', {
      remedy: 'Name the schema by the parameter `schema` instead.',
    });
  }
  url.searchParams.delete('schema');
  url.searchParams.delete('options');
  const settings = [...SESSION_SETTINGS, `search_path="${schema}"`].map((setting) => `-c ${setting}`);
  return {
    schema,
    config: {
      connectionString: url.href,
      options: [given, ...settings].join(' ').trim(),
      connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
      keepAlive: true,
      application_name: 'compound-search',
    },
  };
}

/** The error of an invalid URL would hold the password. */
function parseUrl(databaseUrl: string): URL {
  if (URL.canParse(databaseUrl)) return new URL(databaseUrl);
  throw new CompoundSearchError('VALIDATION_FAILED', 'DATABASE_URL is no URL', {
    field: 'DATABASE_URL',
    remedy: 'Give a URL such as postgresql://user:password@127.0.0.1:5432/compound_search.',
  });
}

function requireKnown(name: string): void {
  if (PARAMETERS.includes(name)) return;
  throw refusal(name, `DATABASE_URL has the parameter "${name}", which would have no effect`, {
    remedy: REMEDIES[name] ?? `Leave it out. The parameters are ${PARAMETERS.join(', ')}.`,
  });
}

function refusal(
  name: string,
  message: string,
  details: { readonly value?: string; readonly remedy: string },
): CompoundSearchError {
  return new CompoundSearchError('VALIDATION_FAILED', message, { field: `DATABASE_URL.${name}`, ...details });
}
