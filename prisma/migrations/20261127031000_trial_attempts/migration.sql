-- The log of each trial: a row for every attempt, begun and ended by triggers, so that it tells of each end, whichever
-- statement and whichever version of the service brings it about. Attempts under way at the upgrade have no row.
CREATE TYPE "attempt_outcome" AS ENUM (
    'completed', 'paused', 'failed', 'lost', 'released', 'cancelled', 'taken_over'
);

CREATE TABLE "trial_attempt" (
    "trial_id" UUID NOT NULL,
    "attempt" INTEGER NOT NULL,
    "token" UUID NOT NULL,
    "worker_id" TEXT NOT NULL,
    "host" TEXT,
    "began_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "outcome" "attempt_outcome",
    "failure" JSONB,
    "parameters" JSONB,
    "warnings" TEXT[],
    "last_words" TEXT,

    CONSTRAINT "trial_attempt_pkey" PRIMARY KEY ("trial_id", "attempt"),
    CONSTRAINT "trial_attempt_ends_somehow" CHECK (("ended_at" IS NULL) = ("outcome" IS NULL)),
    CONSTRAINT "trial_attempt_is_bounded" CHECK (length("last_words") <= 8192 AND cardinality("warnings") <= 20)
);

-- Also for services of the version before, which delete searches and know of no log.
ALTER TABLE "trial_attempt" ADD CONSTRAINT "trial_attempt_trial_id_fkey"
    FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE FUNCTION "begin_attempt"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO trial_attempt (trial_id, attempt, token, worker_id, host, began_at, warnings)
        VALUES (NEW.id, NEW.attempt, NEW.attempt_token, NEW.worker_id,
                (SELECT host FROM worker WHERE id::text = NEW.worker_id), NEW.started_at, '{}');
    -- Losses are few, but a worker may give a trial back any number of times.
    DELETE FROM trial_attempt WHERE trial_id = NEW.id AND attempt <= NEW.attempt - 100;
    RETURN NULL;
END $$;

-- What the holder has to add to it has been added by the same statement, before this.
CREATE FUNCTION "end_attempt"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE trial_attempt SET
        ended_at = coalesce(NEW.ended_at, NEW.enqueued_at),
        failure = coalesce(NEW.failure, failure),
        outcome = CASE
            WHEN NEW.taken_over_from IS NOT NULL THEN 'taken_over'
            -- Back in the queue: by its holder, unless that has said why the trial was lost, or had fallen silent.
            WHEN NEW.state = 'queued' AND failure IS NULL AND NEW.previous_token IS NOT NULL THEN 'released'
            WHEN NEW.state = 'queued' THEN 'lost'
            ELSE NEW.state::text
        END::attempt_outcome
    WHERE trial_id = NEW.id AND attempt = OLD.attempt;
    RETURN NULL;
END $$;

CREATE TRIGGER "begin_attempt" AFTER UPDATE ON "trial" FOR EACH ROW
    WHEN (NEW."state" = 'running' AND OLD."state" <> 'running') EXECUTE FUNCTION begin_attempt();
CREATE TRIGGER "end_attempt" AFTER UPDATE ON "trial" FOR EACH ROW
    WHEN (OLD."state" = 'running' AND NEW."state" <> 'running') EXECUTE FUNCTION end_attempt();
