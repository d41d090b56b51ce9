import { randomUUID } from 'node:crypto';

import { type ApiKey, roleSchema } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { Prisma } from '../generated/client.ts';
import type { ApiKeyStore } from './api-key-store.ts';

const keyRow = z.object({
  id: z.uuid(),
  name: z.string(),
  role: roleSchema,
  created_at: z.date(),
});

const columns = Prisma.sql`id, name, role::text, created_at`;

function toApiKey({ id, name, role, created_at }: z.infer<typeof keyRow>): ApiKey {
  return { id, name, role, createdAt: created_at.toISOString() };
}

/** The keys' part of the store. */
export function createApiKeyStore(database: Database): ApiKeyStore {
  const keys = async (sql: Prisma.Sql): Promise<ApiKey[]> => (await database.rows(keyRow, sql)).map(toApiKey);
  return {
    async addApiKey({ name, role }, hash) {
      const [key] = await keys(Prisma.sql`
        INSERT INTO api_key (id, name, role, hash) VALUES (${randomUUID()}::uuid, ${name}, ${role}::role, ${hash})
        ON CONFLICT (name) DO NOTHING RETURNING ${columns}`);
      return key ?? null;
    },

    async findApiKey(hash) {
      const [key] = await keys(Prisma.sql`SELECT ${columns} FROM api_key WHERE hash = ${hash}`);
      return key ?? null;
    },

    listApiKeys: () => keys(Prisma.sql`SELECT ${columns} FROM api_key ORDER BY sequence`),

    async deleteApiKey(id) {
      if (!isUuid(id)) return null;
      const [key] = await keys(Prisma.sql`DELETE FROM api_key WHERE id = ${id}::uuid RETURNING ${columns}`);
      return key ?? null;
    },
  };
}
