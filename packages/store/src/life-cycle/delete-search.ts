import { endedSearchStates } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { Prisma } from '../generated/client.ts';
import { foundPhase, lockSearch } from './found-phase.ts';
import type { LifeCycleStore } from './life-cycle-store.ts';

/** Few enough for the time that a statement has, however many epochs each of them has trained. */
const TRIALS_PER_STATEMENT = 1000;

/** Longer than the checkpoints of a trial are kept that nobody goes on with. */
const DAYS_REMEMBERED = 14;

const countRows = z.tuple([z.object({ trials: z.int() })]);

/**
 * One transaction, which locks the trials and then the search as everything does that changes both: a write of an attempt
 * comes before it as a whole, or finds nothing to write to. That a search is noted as deleted is what the statements after
 * that go by, so that they do nothing where it has not ended.
 */
export async function deleteSearch(database: Database, searchId: string): ReturnType<LifeCycleStore['deleteSearch']> {
  const pieces = Math.ceil((await countTrials(database, searchId)) / TRIALS_PER_STATEMENT);
  const isDeleted = Prisma.sql`EXISTS (SELECT FROM deleted_search WHERE id = ${searchId}::uuid)`;
  const trials = (piece: number): Prisma.Sql => Prisma.sql`(
    SELECT id FROM deleted_trial WHERE search_id = ${searchId}::uuid
    ORDER BY id LIMIT ${TRIALS_PER_STATEMENT} OFFSET ${piece * TRIALS_PER_STATEMENT})`;
  const everyPiece = Array.from({ length: pieces }, (_, piece) => piece);
  const removal = [
    Prisma.sql`
      INSERT INTO deleted_trial (id, search_id) SELECT id, search_id FROM trial
      WHERE search_id = ${searchId}::uuid AND ${isDeleted}`,
    ...everyPiece.map((piece) => Prisma.sql`DELETE FROM epoch WHERE trial_id IN ${trials(piece)}`),
    // What was added since they were counted.
    Prisma.sql`DELETE FROM epoch WHERE trial_id IN (SELECT id FROM deleted_trial WHERE search_id = ${searchId}::uuid)`,
    ...['saved_model_part', 'model_plan'].map(
      (table) => Prisma.sql`
        DELETE FROM ${Prisma.raw(table)}
        WHERE trial_id IN (SELECT id FROM deleted_trial WHERE search_id = ${searchId}::uuid)`,
    ),
    ...['assignment', 'decision'].map((table) => ofSearch(table, searchId, isDeleted)),
    // Before what they repeat, whose removal would leave them without its name.
    Prisma.sql`DELETE FROM trial WHERE search_id = ${searchId}::uuid AND purpose = 'rerun' AND ${isDeleted}`,
    ...everyPiece.map((piece) => Prisma.sql`DELETE FROM trial WHERE id IN ${trials(piece)}`),
    // A search in any other state names its winner.
    Prisma.sql`
      UPDATE search SET state = 'failed', winner_candidate_id = NULL WHERE id = ${searchId}::uuid AND ${isDeleted}`,
    ...['trial', 'trial_tally', 'search_engine', 'candidate'].map((table) => ofSearch(table, searchId, isDeleted)),
    Prisma.sql`${ofSearch('change', searchId, isDeleted)} AND kind <> 'deleted'`,
    Prisma.sql`DELETE FROM search WHERE id = ${searchId}::uuid AND ${isDeleted}`,
  ];
  const results: unknown[] = await database.run((client) =>
    client.$transaction([
      client.$executeRaw`SELECT FROM trial WHERE search_id = ${searchId}::uuid ORDER BY id FOR UPDATE`,
      client.$queryRaw(lockSearch(searchId)),
      client.$executeRaw`
        INSERT INTO deleted_search (id) SELECT id FROM search
        WHERE id = ${searchId}::uuid AND state = ANY (${[...endedSearchStates]}::text[]::search_state[])`,
      ...removal.map((statement) => client.$executeRaw(statement)),
    ]),
  );
  const before = foundPhase(results[1]);
  if (before !== undefined) return before;
  return (await isRemembered(database, searchId)) ? 'deleted' : null;
}

function ofSearch(table: string, searchId: string, isDeleted: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`DELETE FROM ${Prisma.raw(table)} WHERE search_id = ${searchId}::uuid AND ${isDeleted}`;
}

async function countTrials(database: Database, searchId: string): Promise<number> {
  const [{ trials }] = countRows.parse(
    await database.run(
      (client) => client.$queryRaw`SELECT count(*)::int AS trials FROM trial WHERE search_id = ${searchId}::uuid`,
    ),
  );
  return trials;
}

async function isRemembered(database: Database, searchId: string): Promise<boolean> {
  return (await database.run((client) => client.deletedSearch.findUnique({ where: { id: searchId } }))) !== null;
}

export async function forgetDeleted(database: Database): Promise<void> {
  const old = Prisma.sql`deleted_at < now() - make_interval(days => ${DAYS_REMEMBERED})`;
  await database.run((client) =>
    client.$transaction([
      client.$executeRaw`DELETE FROM deleted_trial WHERE search_id IN (SELECT id FROM deleted_search WHERE ${old})`,
      client.$executeRaw`
        DELETE FROM change WHERE kind = 'deleted' AND id IN (SELECT id FROM deleted_search WHERE ${old})`,
      client.$executeRaw`DELETE FROM deleted_search WHERE ${old}`,
    ]),
  );
}
