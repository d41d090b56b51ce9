import type { LoggedAttempt, TrialLog } from '@compound-search/contracts';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { attemptParametersKind, failureKind } from '../documents/kinds.ts';
import { readStoredOrNull } from '../documents/stored-document.ts';
import type { TrialAttempt as AttemptRow } from '../generated/client.ts';

export async function readTrialLog(database: Database, trialId: string): Promise<TrialLog | null> {
  if (!isUuid(trialId)) return null;
  const trial = await database.run((client) =>
    client.trial.findUnique({
      where: { id: trialId },
      select: { id: true, attempts: { orderBy: { attempt: 'asc' } } },
    }),
  );
  return trial === null ? null : { trialId: trial.id, attempts: trial.attempts.map(toLoggedAttempt) };
}

function toLoggedAttempt(row: AttemptRow): LoggedAttempt {
  return {
    attempt: row.attempt,
    workerId: row.workerId,
    host: row.host,
    beganAt: row.beganAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    outcome: row.outcome,
    failure: readStoredOrNull(failureKind, row.failure),
    parameters: readStoredOrNull(attemptParametersKind, row.parameters),
    warnings: row.warnings,
    lastWords: row.lastWords,
  };
}
