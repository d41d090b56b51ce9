import { networkDocumentSchema } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { Prisma } from '../generated/client.ts';
import type { BaselineStore } from './baseline-store.ts';

const comparisonRow = z.object({ same: z.boolean() });
const nameRow = z.object({ name: z.string() });
const descriptionRow = z.object({ description: networkDocumentSchema });

/** The registered networks' part of the store. */
export function createBaselineStore(database: Database): BaselineStore {
  return {
    async registerBaseline(description) {
      const { name } = description;
      const text = JSON.stringify(description);
      const added = await database.rows(
        nameRow,
        Prisma.sql`
        INSERT INTO baseline (name, description) VALUES (${name}, ${text}::jsonb)
        ON CONFLICT (name) DO NOTHING RETURNING name`,
      );
      if (added.length === 1) return 'registered';
      // Rows are never changed or removed, so what was in the way is there still.
      const [row] = await database.rows(
        comparisonRow,
        Prisma.sql`SELECT description = ${text}::jsonb AS same FROM baseline WHERE name = ${name}`,
      );
      return row?.same === true ? 'same' : 'taken';
    },

    async getBaseline(name) {
      const [row] = await database.rows(
        descriptionRow,
        Prisma.sql`SELECT description FROM baseline WHERE name = ${name}`,
      );
      return row?.description ?? null;
    },

    async listBaselines() {
      const rows = await database.rows(descriptionRow, Prisma.sql`SELECT description FROM baseline ORDER BY sequence`);
      return rows.map(({ description }) => description);
    },
  };
}
