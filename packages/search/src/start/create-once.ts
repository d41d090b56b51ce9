import { createHash } from 'node:crypto';

import { CompoundSearchError } from '@compound-search/contracts';
import { AlreadyCreatedError, type Creation, type CreationStore } from '@compound-search/store';

/** How to make a thing, and how to read it again. */
export interface Creating<T> {
  readonly create: (creation: Creation | undefined) => Promise<T>;
  readonly read: (id: string) => Promise<T>;
}

/**
 * Makes what a request asks for, or reads what the same request has made before, also where both come at once. Without a
 * creation every request makes another thing.
 *
 * @throws CompoundSearchError IDEMPOTENCY_KEY_REUSED where the key has made something for another request.
 */
export async function createOnce<T>(
  store: CreationStore,
  creation: Creation | undefined,
  { create, read }: Creating<T>,
): Promise<T> {
  if (creation === undefined) return create(undefined);
  if (await isCreated(store, creation)) return read(creation.id);
  try {
    return await create(creation);
  } catch (error) {
    if (!(error instanceof AlreadyCreatedError)) throw error;
    // Asked again, since the one that came first may have been another request with the same key.
    if (!(await isCreated(store, creation))) throw error;
    return read(creation.id);
  }
}

async function isCreated(store: CreationStore, { id, requestHash }: Creation): Promise<boolean> {
  const stored = await store.getRequestHash(id);
  if (stored === null || stored === requestHash) return stored !== null;
  throw new CompoundSearchError('IDEMPOTENCY_KEY_REUSED', 'Another request has been sent with this key', {
    field: 'idempotency-key',
    remedy: 'Send a new key with every new request, and the same key only to repeat a request as it was.',
  });
}

/** One of several things that a request makes. */
export function partOf({ id, requestHash }: Creation, part: string): Creation {
  return { id: idFrom(`${id}/${part}`), requestHash };
}

/** A UUID of version 8 (RFC 9562, 5.8) that another text has not: 122 bits of the text's SHA-256. */
export function idFrom(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
