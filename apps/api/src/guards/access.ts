import { allows, type ApiKey, CompoundSearchError, type Role } from '@compound-search/contracts';
import type { ApiKeyStore } from '@compound-search/store';
import type { FastifyInstance, FastifyReply } from 'fastify';

import { listNeededRoles, type NeededRole, neededRole } from '../access/needed-roles.ts';
import { limitRates } from '../access/rate-limit.ts';
import { hashSecret, isSameSecret, secretOf } from '../access/secrets.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Name of the API key; null where none is needed. */
    keyName: string | null;
  }
}

/** Who may use the service. */
export interface AccessOptions {
  readonly mode: 'keys' | 'anyone';
  /** A secret that allows everything, beside the keys in the store. */
  readonly adminKey?: string | undefined;
  /** Of a key, or of an address without one; 0 for no limit. */
  readonly requestsPerMinute: number;
}

/** Whoever reaches the service may do everything: for one that listens on loopback only. */
export const openAccess: AccessOptions = { mode: 'anyone', requestsPerMinute: 0 };

type Holder = Pick<ApiKey, 'name' | 'role'>;

/** Refuses requests of those who hold no key, or one that does not allow what they ask for. */
export async function guardAccess(app: FastifyInstance, options: AccessOptions, store: ApiKeyStore): Promise<void> {
  listNeededRoles(app);
  app.decorateRequest('keyName', null);
  if (options.mode === 'anyone') return;
  const count = await limitRates(app, options.requestsPerMinute);
  app.addHook('onRequest', async (request, reply) => {
    const needed = neededRole(request);
    if (needed === 'none') return;
    const secret = secretOf(request.headers.authorization);
    const holder = secret === undefined ? undefined : await findHolder(secret, options, store);
    await count(holder === undefined ? `address ${request.ip}` : `key ${holder.name}`, request, reply);
    requireRole(holder, needed, secret !== undefined, reply);
    request.keyName = holder.name;
    request.log = request.log.child({ apiKey: holder.name });
    // The line at the end of a request is the reply's.
    reply.log = request.log;
  });
}

async function findHolder(
  secret: string,
  { adminKey }: AccessOptions,
  store: ApiKeyStore,
): Promise<Holder | undefined> {
  if (adminKey !== undefined && isSameSecret(secret, adminKey))
    return { name: 'COMPOUND_SEARCH_ADMIN_KEY', role: 'admin' };
  return (await store.findApiKey(hashSecret(secret))) ?? undefined;
}

function requireRole(
  holder: Holder | undefined,
  needed: Exclude<NeededRole, 'none'>,
  hasSecret: boolean,
  reply: FastifyReply,
): asserts holder is Holder {
  if (holder === undefined) {
    void reply.header('www-authenticate', 'Bearer realm="compound-search"');
    throw hasSecret ? unknownKey() : missingKey();
  }
  if (!allows(holder.role, needed)) throw insufficientRole(holder, needed);
}

function missingKey(): CompoundSearchError {
  return new CompoundSearchError('KEY_REQUIRED', 'The service is open to holders of a key only', {
    field: 'authorization',
    remedy: 'Send the header Authorization: Bearer <key>; whoever runs the service makes keys.',
  });
}

function unknownKey(): CompoundSearchError {
  // The value stays untold: a key with a typing error in it is nearly the key.
  return new CompoundSearchError('KEY_INVALID', 'The service knows no such key', {
    field: 'authorization',
    remedy: 'Check the key; it may have been taken back. Whoever runs the service makes keys.',
  });
}

function insufficientRole({ name, role }: Holder, needed: Role): CompoundSearchError {
  return new CompoundSearchError('ROLE_INSUFFICIENT', `The key ${name} has the role ${role}`, {
    field: 'authorization',
    remedy: `Use a key with the role ${needed}.`,
  });
}
