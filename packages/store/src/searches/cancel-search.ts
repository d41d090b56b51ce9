import type { Database } from '../database/database.ts';
import { mayMoveTo } from './search-moves.ts';

/**
 * Three statements in one transaction. The open trials are locked first, as by everything that changes trials and then
 * their search, so that no two wait for each other. The last one must see the test trials that a move to `testing` has
 * added while the second waited for it. The attempts' tokens stay, so that their holders can be told why their lease ended.
 */
export async function cancelSearch(database: Database, searchId: string): Promise<void> {
  await database.run((client) =>
    client.$transaction([
      client.$executeRaw`
        SELECT FROM trial WHERE search_id = ${searchId}::uuid AND state IN ('queued', 'running') ORDER BY id FOR UPDATE`,
      client.$executeRaw`
        UPDATE search SET state = 'cancelled', ended_at = now(), revision = revision + 1
        WHERE id = ${searchId}::uuid AND ${mayMoveTo('cancelled')}`,
      client.$executeRaw`
        UPDATE trial SET state = 'cancelled', lease_expires_at = NULL, ended_at = now()
        WHERE search_id = ${searchId}::uuid AND state IN ('queued', 'running')
          AND EXISTS (SELECT FROM search WHERE id = ${searchId}::uuid AND state = 'cancelled')`,
    ]),
  );
}
