CREATE TYPE "search_state" AS ENUM ('running', 'testing', 'completed', 'completed_with_failures', 'failed', 'cancelled');
CREATE TYPE "trial_state" AS ENUM ('queued', 'running', 'completed', 'failed', 'cancelled');
CREATE TYPE "trial_purpose" AS ENUM ('ranking', 'test', 'rerun', 'model');
CREATE TYPE "blame" AS ENUM ('training', 'infrastructure');

CREATE TABLE "search" (
    "id" UUID NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "state" "search_state" NOT NULL DEFAULT 'running',
    "request" JSONB NOT NULL,
    "points" BIGINT NOT NULL,
    "feasible_points" INTEGER NOT NULL,
    "baseline" JSONB NOT NULL,
    "notes" TEXT[],
    "winner_candidate_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),
    "network" JSONB NOT NULL,
    "dataset_hash" TEXT,
    "revision" BIGINT NOT NULL DEFAULT 0,
    "answer" JSONB,

    CONSTRAINT "search_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "search_ends_once" CHECK (("state" IN ('running', 'testing')) = ("ended_at" IS NULL)),
    CONSTRAINT "search_winner_is_stored" CHECK (
        "state" NOT IN ('testing', 'completed', 'completed_with_failures') OR "winner_candidate_id" IS NOT NULL
    )
);

CREATE TABLE "candidate" (
    "id" UUID NOT NULL,
    "search_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "depth_multiplier" DOUBLE PRECISION NOT NULL,
    "width_multiplier" DOUBLE PRECISION NOT NULL,
    "resolution_multiplier" DOUBLE PRECISION NOT NULL,
    "resolution" INTEGER[],
    "repeats" INTEGER[],
    "channels" INTEGER[],
    "parameters" BIGINT NOT NULL,
    "macs" BIGINT NOT NULL,
    "macs_ratio" DOUBLE PRECISION NOT NULL,
    "activations" BIGINT NOT NULL,
    "enlarges" BOOLEAN NOT NULL,
    "points" JSONB NOT NULL,
    "queued" INTEGER NOT NULL DEFAULT 0,
    "running" INTEGER NOT NULL DEFAULT 0,
    "completed" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "cancelled" INTEGER NOT NULL DEFAULT 0,
    "failed_in_training" INTEGER NOT NULL DEFAULT 0,
    "accuracies" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "candidate_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "trial" (
    "id" UUID NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "search_id" UUID NOT NULL,
    "candidate_id" UUID NOT NULL,
    "purpose" "trial_purpose" NOT NULL,
    "seed" INTEGER NOT NULL,
    "state" "trial_state" NOT NULL DEFAULT 'queued',
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "losses" INTEGER NOT NULL DEFAULT 0,
    "attempt_token" UUID,
    "worker_id" TEXT,
    "lease_expires_at" TIMESTAMPTZ(3),
    "step" INTEGER NOT NULL DEFAULT 0,
    "steps" INTEGER,
    "engine" JSONB,
    "result" JSONB,
    "failure" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "rerun_of_trial_id" UUID,
    "previous_token" UUID,
    "failed_by" "blame",
    "enqueued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "trial_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "trial_running_is_leased" CHECK (
        ("state" = 'running') = ("lease_expires_at" IS NOT NULL) AND ("state" <> 'running' OR "attempt_token" IS NOT NULL)
    ),
    CONSTRAINT "trial_completed_has_result" CHECK (("state" = 'completed') = ("result" IS NOT NULL)),
    CONSTRAINT "trial_failed_has_failure" CHECK (
        ("state" = 'failed') = ("failure" IS NOT NULL) AND ("state" = 'failed') = ("failed_by" IS NOT NULL)
    ),
    CONSTRAINT "trial_ends_once" CHECK (("state" IN ('queued', 'running')) = ("ended_at" IS NULL)),
    CONSTRAINT "trial_rerun_names_its_trial" CHECK (("purpose" = 'rerun') = ("rerun_of_trial_id" IS NOT NULL))
);

CREATE TABLE "trial_tally" (
    "search_id" UUID NOT NULL,
    "purpose" "trial_purpose" NOT NULL,
    "state" "trial_state" NOT NULL,
    "trials" INTEGER NOT NULL,
    "seconds" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "trial_tally_pkey" PRIMARY KEY ("search_id", "purpose", "state")
);

CREATE TABLE "search_engine" (
    "search_id" UUID NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "engine" JSONB NOT NULL,
    "trials" INTEGER NOT NULL,

    CONSTRAINT "search_engine_pkey" PRIMARY KEY ("search_id", "fingerprint")
);

CREATE TABLE "epoch" (
    "trial_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,
    "learning_rate" DOUBLE PRECISION NOT NULL,
    "train_loss" DOUBLE PRECISION NOT NULL,
    "train_accuracy" DOUBLE PRECISION NOT NULL,
    "validation_loss" DOUBLE PRECISION NOT NULL,
    "validation_accuracy" DOUBLE PRECISION NOT NULL,
    "seconds" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "epoch_pkey" PRIMARY KEY ("trial_id", "attempt", "epoch"),
    -- A diverged trial stores a state and a reason. PostgreSQL sorts NaN above all numbers, so one comparison refuses both.
    CONSTRAINT "epoch_is_finite" CHECK (
        "learning_rate" < 'Infinity' AND "train_loss" < 'Infinity' AND "train_accuracy" < 'Infinity'
        AND "validation_loss" < 'Infinity' AND "validation_accuracy" < 'Infinity' AND "seconds" < 'Infinity'
    )
);

CREATE TABLE "model_plan" (
    "trial_id" UUID NOT NULL,
    "plan" JSONB NOT NULL,

    CONSTRAINT "model_plan_pkey" PRIMARY KEY ("trial_id")
);

CREATE TABLE "saved_model_part" (
    "trial_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "saved_model_part_pkey" PRIMARY KEY ("trial_id", "ordinal")
);
-- Trained weights do not compress; trying would only cost time.
ALTER TABLE "saved_model_part" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;

CREATE TABLE "baseline" (
    "name" TEXT NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "description" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "baseline_pkey" PRIMARY KEY ("name")
);

CREATE UNIQUE INDEX "search_sequence_key" ON "search"("sequence");
CREATE UNIQUE INDEX "search_winner_candidate_id_key" ON "search"("winner_candidate_id");
CREATE INDEX "search_state_idx" ON "search"("state");
CREATE UNIQUE INDEX "candidate_search_id_ordinal_key" ON "candidate"("search_id", "ordinal");
CREATE UNIQUE INDEX "candidate_search_id_fingerprint_key" ON "candidate"("search_id", "fingerprint");
CREATE UNIQUE INDEX "trial_sequence_key" ON "trial"("sequence");
-- One trial per candidate and seed holds for what a search consists of. A trial is rerun as often as somebody asks.
CREATE UNIQUE INDEX "trial_candidate_id_seed_purpose_key" ON "trial"("candidate_id", "seed", "purpose")
    WHERE (purpose IN ('ranking', 'test'));
CREATE INDEX "trial_search_id_sequence_idx" ON "trial"("search_id", "sequence");
CREATE INDEX "trial_state_purpose_sequence_idx" ON "trial"("state", "purpose", "sequence");
CREATE INDEX "trial_state_lease_expires_at_idx" ON "trial"("state", "lease_expires_at");
CREATE UNIQUE INDEX "baseline_sequence_key" ON "baseline"("sequence");

ALTER TABLE "search" ADD CONSTRAINT "search_winner_candidate_id_fkey"
    FOREIGN KEY ("winner_candidate_id") REFERENCES "candidate"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "candidate" ADD CONSTRAINT "candidate_search_id_fkey"
    FOREIGN KEY ("search_id") REFERENCES "search"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "trial" ADD CONSTRAINT "trial_search_id_fkey"
    FOREIGN KEY ("search_id") REFERENCES "search"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "trial" ADD CONSTRAINT "trial_candidate_id_fkey"
    FOREIGN KEY ("candidate_id") REFERENCES "candidate"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "trial" ADD CONSTRAINT "trial_rerun_of_trial_id_fkey"
    FOREIGN KEY ("rerun_of_trial_id") REFERENCES "trial"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "epoch" ADD CONSTRAINT "epoch_trial_id_fkey"
    FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "model_plan" ADD CONSTRAINT "model_plan_trial_id_fkey"
    FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "saved_model_part" ADD CONSTRAINT "saved_model_part_trial_id_fkey"
    FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "trial_tally" ADD CONSTRAINT "trial_tally_search_id_fkey"
    FOREIGN KEY ("search_id") REFERENCES "search"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "search_engine" ADD CONSTRAINT "search_engine_search_id_fkey"
    FOREIGN KEY ("search_id") REFERENCES "search"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What people ask for every second is kept beside the trials by the very statement that changes one, whichever it is:
-- reading it costs the same however many trials a search has. Only the trials that a search consists of count.
--
-- Whoever changes trials locks them first, then their searches in the order of their ids, then everything below. All
-- that follows for one search is therefore done by one after the other, and no two wait for each other in a circle.
CREATE FUNCTION "begin_revision"("changed" UUID[]) RETURNS void LANGUAGE sql AS $$
    SELECT FROM search WHERE id = ANY (changed) ORDER BY id FOR NO KEY UPDATE;
    UPDATE search SET revision = revision + 1 WHERE id = ANY (changed);
$$;

CREATE FUNCTION "count_new_trials"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed UUID[] := ARRAY(SELECT DISTINCT search_id FROM new_trials WHERE purpose IN ('ranking', 'test'));
BEGIN
    IF changed = '{}' THEN RETURN NULL; END IF;
    PERFORM begin_revision(changed);
    INSERT INTO trial_tally AS tally (search_id, purpose, state, trials, seconds)
        SELECT search_id, purpose, state, count(*), 0 FROM new_trials WHERE purpose IN ('ranking', 'test')
        GROUP BY search_id, purpose, state
        ON CONFLICT (search_id, purpose, state) DO UPDATE SET trials = tally.trials + excluded.trials;
    UPDATE candidate SET queued = candidate.queued + added.trials
        FROM (SELECT candidate_id, count(*) AS trials FROM new_trials WHERE purpose = 'ranking' GROUP BY candidate_id) AS added
        WHERE candidate.id = added.candidate_id;
    RETURN NULL;
END $$;

CREATE FUNCTION "count_changed_trials"() RETURNS trigger LANGUAGE plpgsql AS $$
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
        WHERE purpose IN ('ranking', 'test')
        GROUP BY search_id, purpose, state HAVING sum(sign) <> 0
        ON CONFLICT (search_id, purpose, state) DO UPDATE
        SET trials = tally.trials + excluded.trials, seconds = tally.seconds + excluded.seconds;

    UPDATE candidate SET
        queued = candidate.queued + change.queued, running = candidate.running + change.running,
        completed = candidate.completed + change.completed, failed = candidate.failed + change.failed,
        cancelled = candidate.cancelled + change.cancelled,
        failed_in_training = candidate.failed_in_training + change.failed_in_training,
        accuracies = (candidate.accuracies - change.withdrawn) || change.scored
    FROM (
        SELECT candidate_id,
               coalesce(sum(sign) FILTER (WHERE state = 'queued'), 0) AS queued,
               coalesce(sum(sign) FILTER (WHERE state = 'running'), 0) AS running,
               coalesce(sum(sign) FILTER (WHERE state = 'completed'), 0) AS completed,
               coalesce(sum(sign) FILTER (WHERE state = 'failed'), 0) AS failed,
               coalesce(sum(sign) FILTER (WHERE state = 'cancelled'), 0) AS cancelled,
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

CREATE TRIGGER "count_new_trials" AFTER INSERT ON "trial"
    REFERENCING NEW TABLE AS new_trials FOR EACH STATEMENT EXECUTE FUNCTION count_new_trials();
CREATE TRIGGER "count_changed_trials" AFTER UPDATE ON "trial"
    REFERENCING OLD TABLE AS old_trials NEW TABLE AS new_trials
    FOR EACH STATEMENT EXECUTE FUNCTION count_changed_trials();
