import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { BREAKING, knownMigrations } from '../database/migrations.ts';
import { Prisma } from '../generated/client.ts';

/**
 * Migrations of a newer version that this one cannot work with. A service that runs while one is applied was there before it,
 * so that the check at its start has told it nothing.
 */
async function breakingMigrations(): Promise<Prisma.Sql> {
  return Prisma.sql`
    FROM "_prisma_migrations" WHERE right(migration_name, ${BREAKING.length}) = ${BREAKING}
    AND rolled_back_at IS NULL AND NOT migration_name = ANY (${await knownMigrations()}::text[])`;
}

/** Holds for a worker that may take a trial: one that nobody drains, and whose version can work with the tables. */
export async function mayClaim(workerId: string): Promise<Prisma.Sql> {
  const isHeldBack = isUuid(workerId)
    ? Prisma.sql`EXISTS (SELECT FROM worker WHERE id = ${workerId}::uuid AND (draining OR unfit IS NOT NULL))`
    : Prisma.sql`false`;
  return Prisma.sql`NOT ${isHeldBack} AND NOT EXISTS (SELECT ${await breakingMigrations()})`;
}

/** The name of the first such migration; null where there is none. */
export async function findBreakingMigration(database: Database): Promise<string | null> {
  const [first] = await database.rows(
    z.object({ name: z.string() }),
    Prisma.sql`SELECT migration_name AS name ${await breakingMigrations()} ORDER BY migration_name LIMIT 1`,
  );
  return first?.name ?? null;
}
