-- Rounds of a search. A service of the version before goes on beside this: it leaves searches alone whose request is of a
-- newer version, and paused trials, which only such searches have, are kept out of the tallies that it reads.
ALTER TYPE "trial_state" ADD VALUE 'paused';

ALTER TABLE "search"
    ADD COLUMN "round" INTEGER NOT NULL DEFAULT 1,
    ADD COLUMN "undecided" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "stop" TEXT,
    ADD COLUMN "paused" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "paused_seconds" DOUBLE PRECISION NOT NULL DEFAULT 0;

ALTER TABLE "candidate" ADD COLUMN "paused" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "trial"
    ADD COLUMN "round" INTEGER,
    ADD COLUMN "pause_after" INTEGER,
    -- As text, since a label cannot be used in the transaction that adds it. Not looked for in the trials of before.
    ADD CONSTRAINT "trial_pauses_where_assigned" CHECK ("state"::text <> 'paused' OR "pause_after" IS NOT NULL) NOT VALID;

CREATE TABLE "decision" (
    "search_id" UUID NOT NULL,
    "round" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "decision_pkey" PRIMARY KEY ("search_id", "round")
);

CREATE TABLE "assignment" (
    "search_id" UUID NOT NULL,
    "round" INTEGER NOT NULL,
    "place" INTEGER NOT NULL,
    "trial_id" UUID NOT NULL,
    "epochs" INTEGER,

    CONSTRAINT "assignment_pkey" PRIMARY KEY ("search_id", "round", "place")
);

CREATE INDEX "trial_search_id_round_idx" ON "trial"("search_id", "round") WHERE (state IN ('queued', 'running'));
CREATE INDEX "assignment_trial_id_idx" ON "assignment"("trial_id");

ALTER TABLE "decision" ADD CONSTRAINT "decision_search_id_fkey"
    FOREIGN KEY ("search_id") REFERENCES "search"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "assignment" ADD CONSTRAINT "assignment_search_id_round_fkey"
    FOREIGN KEY ("search_id", "round") REFERENCES "decision"("search_id", "round") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "assignment" ADD CONSTRAINT "assignment_trial_id_fkey"
    FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE OR REPLACE FUNCTION "count_changed_trials"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- Steps are shown as progress, so they make a revision too; renewing a lease alone makes none.
    changed UUID[] := ARRAY(
        SELECT DISTINCT after.search_id FROM new_trials AS after JOIN old_trials AS before USING (id)
        WHERE after.purpose IN ('ranking', 'test') AND (after.state <> before.state OR after.step <> before.step)
    );
BEGIN
    IF changed = '{}' THEN RETURN NULL; END IF;
    PERFORM begin_revision(changed);
    IF NOT EXISTS (
        SELECT FROM new_trials AS after JOIN old_trials AS before USING (id)
        WHERE after.purpose IN ('ranking', 'test') AND after.state <> before.state
    ) THEN RETURN NULL; END IF;

    INSERT INTO trial_tally AS tally (search_id, purpose, state, trials, seconds)
        SELECT search_id, purpose, state, sum(sign), sum(sign * coalesce(extract(epoch FROM ended_at - started_at), 0))
        FROM (SELECT -1 AS sign, * FROM old_trials UNION ALL SELECT 1, * FROM new_trials) AS change
        WHERE purpose IN ('ranking', 'test') AND state <> 'paused'
        GROUP BY search_id, purpose, state HAVING sum(sign) <> 0
        ON CONFLICT (search_id, purpose, state) DO UPDATE
        SET trials = tally.trials + excluded.trials, seconds = tally.seconds + excluded.seconds;

    UPDATE search SET paused = search.paused + change.trials, paused_seconds = search.paused_seconds + change.seconds
    FROM (
        SELECT search_id, sum(sign) AS trials, sum(sign * extract(epoch FROM ended_at - started_at)) AS seconds
        FROM (SELECT -1 AS sign, * FROM old_trials UNION ALL SELECT 1, * FROM new_trials) AS one
        WHERE state = 'paused' GROUP BY search_id HAVING sum(sign) <> 0
    ) AS change
    WHERE search.id = change.search_id;

    UPDATE candidate SET
        queued = candidate.queued + change.queued, running = candidate.running + change.running,
        completed = candidate.completed + change.completed, failed = candidate.failed + change.failed,
        cancelled = candidate.cancelled + change.cancelled, paused = candidate.paused + change.paused,
        failed_in_training = candidate.failed_in_training + change.failed_in_training,
        accuracies = (candidate.accuracies - change.withdrawn) || change.scored
    FROM (
        SELECT candidate_id,
               coalesce(sum(sign) FILTER (WHERE state = 'queued'), 0) AS queued,
               coalesce(sum(sign) FILTER (WHERE state = 'running'), 0) AS running,
               coalesce(sum(sign) FILTER (WHERE state = 'completed'), 0) AS completed,
               coalesce(sum(sign) FILTER (WHERE state = 'failed'), 0) AS failed,
               coalesce(sum(sign) FILTER (WHERE state = 'cancelled'), 0) AS cancelled,
               coalesce(sum(sign) FILTER (WHERE state = 'paused'), 0) AS paused,
               coalesce(sum(sign) FILTER (WHERE failed_by = 'training'), 0) AS failed_in_training,
               coalesce(array_agg(seed::text) FILTER (WHERE state = 'completed' AND sign = -1), '{}') AS withdrawn,
               coalesce(jsonb_object_agg(seed, result -> 'validationAccuracy')
                        FILTER (WHERE state = 'completed' AND sign = 1), '{}') AS scored
        FROM (SELECT -1 AS sign, * FROM old_trials UNION ALL SELECT 1, * FROM new_trials) AS one
        WHERE purpose = 'ranking'
        GROUP BY candidate_id
    ) AS change
    WHERE candidate.id = change.candidate_id;

    INSERT INTO search_engine AS counted (search_id, fingerprint, engine, trials)
        SELECT after.search_id, after.engine ->> 'fingerprint', (array_agg(after.engine))[1], count(*)
        FROM new_trials AS after JOIN old_trials AS before USING (id)
        WHERE after.purpose IN ('ranking', 'test') AND after.state = 'completed' AND before.state <> 'completed'
          AND after.engine IS NOT NULL
        GROUP BY after.search_id, after.engine ->> 'fingerprint'
        ON CONFLICT (search_id, fingerprint) DO UPDATE SET trials = counted.trials + excluded.trials;
    RETURN NULL;
END $$;
