import { isDeepStrictEqual } from 'node:util';

import type { NetworkDocument } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { networkKind } from '../documents/kinds.ts';
import { readStored, storedText, unlessUnreadable } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import type { BaselineStore } from './baseline-store.ts';

const nameRow = z.object({ name: z.string() });
const descriptionRow = z.object({ description: z.unknown() });

/** The registered networks' part of the store. */
export function createBaselineStore(database: Database): BaselineStore {
  return {
    registerBaseline: (description) => registerBaseline(database, description),
    getBaseline: (name) => getBaseline(database, name),

    async listBaselines() {
      const rows = await database.rows(descriptionRow, Prisma.sql`SELECT description FROM baseline ORDER BY sequence`);
      return rows
        .map(({ description }) => unlessUnreadable(() => readStored(networkKind, description)))
        .filter((description) => description !== undefined);
    },
  };
}

async function registerBaseline(
  database: Database,
  description: NetworkDocument,
): ReturnType<BaselineStore['registerBaseline']> {
  const { name } = description;
  const text = storedText(networkKind, description);
  const added = await database.rows(
    nameRow,
    Prisma.sql`
      INSERT INTO baseline (name, description) VALUES (${name}, ${text}::jsonb)
      ON CONFLICT (name) DO NOTHING RETURNING name`,
  );
  if (added.length === 1) return 'registered';
  // Rows are never changed or removed, so what was in the way is there still. It may be of an earlier version.
  const taken = await getBaseline(database, name);
  return isDeepStrictEqual(taken, readStored(networkKind, JSON.parse(text))) ? 'same' : 'taken';
}

async function getBaseline(database: Database, name: string): Promise<NetworkDocument | null> {
  const [row] = await database.rows(descriptionRow, Prisma.sql`SELECT description FROM baseline WHERE name = ${name}`);
  return row === undefined ? null : readStored(networkKind, row.description);
}
