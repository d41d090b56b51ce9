import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUniqueViolation } from '../database/errors.ts';
import { isUuid } from '../database/identifiers.ts';
import { Prisma } from '../generated/client.ts';
import { AlreadyCreatedError, type Creation, type CreationStore } from './creation-store.ts';

/** What tells whether a request has been carried out. */
export function createCreationStore(database: Database): CreationStore {
  return {
    async getRequestHash(id) {
      if (!isUuid(id)) return null;
      const [row] = await database.rows(
        z.object({ requestHash: z.string() }),
        Prisma.sql`
        SELECT request_hash AS "requestHash" FROM search WHERE id = ${id}::uuid AND request_hash IS NOT NULL
        UNION ALL
        SELECT request_hash FROM trial WHERE id = ${id}::uuid AND request_hash IS NOT NULL`,
      );
      return row?.requestHash ?? null;
    },
  };
}

/** Stores something under the id of its creation. @throws AlreadyCreatedError where that is taken. */
export async function storeOnce<T>(creation: Creation | undefined, store: () => Promise<T>): Promise<T> {
  try {
    return await store();
  } catch (error) {
    if (creation === undefined || !isUniqueViolation(error)) throw error;
    throw new AlreadyCreatedError(creation.id, error);
  }
}
