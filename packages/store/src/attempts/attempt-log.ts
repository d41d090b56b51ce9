/**
 * What the log of a trial says of an attempt beside what the triggers write: that is added by the statements that start and
 * end the attempt, so that they fence it too.
 */
import { type AttemptWords, storableWords, type TrialFailure } from '@compound-search/contracts';

import { failureKind } from '../documents/kinds.ts';
import { storedText } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import type { Attempt } from './attempt-store.ts';

/** What an attempt ends with. */
export interface AttemptNote {
  readonly words?: AttemptWords | undefined;
  /** Why it is lost; of one that fails its trial has it. */
  readonly failure?: TrialFailure;
}

/**
 * A statement that ends the attempt and notes what its holder has said, with the trial's id and its next attempt as rows.
 * @param ending - an UPDATE of the trial that does nothing where the attempt is over.
 */
export function endedBy({ token }: Attempt, ending: Prisma.Sql, { words, failure }: AttemptNote): Prisma.Sql {
  const noted = words === undefined ? undefined : storableWords(words);
  return withNote(
    ending,
    Prisma.sql`
      warnings = coalesce(${noted?.warnings ?? null}::text[], warnings), last_words = ${noted?.lastWords ?? null},
      failure = ${failureText(failure)}::jsonb
      FROM ended WHERE trial_id = ended.id AND token::text = lower(${token})`,
  );
}

/** The same of attempts whose holders have fallen silent. `requeueing` gives each trial its next attempt. */
export function expiredBy(requeueing: Prisma.Sql, failure: TrialFailure): Prisma.Sql {
  return withNote(
    requeueing,
    Prisma.sql`
      failure = ${failureText(failure)}::jsonb
      FROM ended WHERE trial_id = ended.id AND trial_attempt.attempt = ended.attempt - 1`,
  );
}

function withNote(ending: Prisma.Sql, note: Prisma.Sql): Prisma.Sql {
  return endedAs(ending, Prisma.sql`noted AS (UPDATE trial_attempt SET ${note}),`);
}

/** Ends attempts of which there is nothing to note: the trials that fail have why. */
export function endedAs(ending: Prisma.Sql, noting = Prisma.empty): Prisma.Sql {
  return Prisma.sql`
    WITH ended AS (${ending} RETURNING id, attempt, search_id, state, external), ${noting}
    ${countedAsImported}
    SELECT id, attempt FROM ended`;
}

/** Counts what has ended elsewhere: a common table expression. */
const countedAsImported = Prisma.sql`
  counted AS (
    UPDATE search SET imported_trials = imported_trials + new.trials
    FROM (SELECT search_id, count(*)::int AS trials FROM ended
          WHERE external AND state IN ('completed', 'failed') GROUP BY search_id) AS new
    WHERE search.id = new.search_id
  )`;

function failureText(failure: TrialFailure | undefined): string | null {
  return failure === undefined ? null : storedText(failureKind, failure);
}
