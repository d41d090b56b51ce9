import type { SearchPhase, TrialJob } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { Prisma } from '../generated/client.ts';
import { foundPhase, lockSearch } from './found-phase.ts';

/** What a verb does, in statements that change nothing where the search is in another state than the verb is for. */
export interface Verb {
  /** Of the trials of the search, those that the verb may change; none where it is left out. */
  readonly trials?: Prisma.Sql;
  readonly changes: readonly Prisma.Sql[];
  /** Names trials that workers may take since then. */
  readonly jobs?: Prisma.Sql;
}

/** What a verb found and did. */
export interface VerbResult {
  readonly before: SearchPhase;
  readonly trials: TrialJob[];
}

const jobRows = z.array(z.object({ trialId: z.string(), attempt: z.int() }));

/**
 * Carries out a verb in one transaction; null where there is no such search. The trials are locked first, in the order of
 * their ids, then the search, as by everything that changes trials and then their search: so no two wait for each other in a
 * circle, and all verbs of one search come one after the other. Each statement sees what was committed before it began:
 * whatever the verb had to wait for.
 */
export async function carryOut(
  database: Database,
  searchId: string,
  { trials = Prisma.sql`false`, changes, jobs = Prisma.sql`SELECT WHERE false` }: Verb,
): Promise<VerbResult | null> {
  const results: unknown[] = await database.run((client) =>
    client.$transaction([
      client.$executeRaw`SELECT FROM trial WHERE search_id = ${searchId}::uuid AND ${trials} ORDER BY id FOR UPDATE`,
      client.$queryRaw(lockSearch(searchId)),
      ...changes.map((change) => client.$executeRaw(change)),
      client.$queryRaw(jobs),
    ]),
  );
  const before = foundPhase(results[1]);
  return before === undefined ? null : { before, trials: jobRows.parse(results.at(-1)) };
}
