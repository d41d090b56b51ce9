-- What has changed, and in which transaction, for those who follow searches: a row for each thing and not for each change, so
-- that the table is as large as what it tells of. Readers get states, and need not know how often one has changed.
--
-- A transaction that has begun earlier may commit later, so neither a time nor a sequence tells a reader what it has not seen.
-- The number of the transaction does, with the oldest one that still ran when it last looked (pg_snapshot_xmin).
CREATE TYPE "change_kind" AS ENUM ('search', 'trial', 'leaderboard', 'deleted');

-- Without foreign keys: that a search was deleted is told after it is gone, and a service of the version before, which does
-- not know the table, deletes searches too.
CREATE TABLE "change" (
    "id" UUID NOT NULL,
    "kind" "change_kind" NOT NULL,
    "search_id" UUID NOT NULL,
    "transaction" BIGINT NOT NULL,

    CONSTRAINT "change_pkey" PRIMARY KEY ("id", "kind")
);
CREATE INDEX "change_search_id_transaction_idx" ON "change"("search_id", "transaction");
CREATE INDEX "change_transaction_idx" ON "change"("transaction");

-- These come after the triggers that count, by their names: whoever is here has locked the trials and their searches.
CREATE FUNCTION "note_new_trials"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change (id, kind, search_id, transaction)
        SELECT id, 'trial', search_id, pg_current_xact_id()::text::bigint FROM new_trials
        WHERE purpose IN ('ranking', 'test')
        UNION ALL
        SELECT DISTINCT search_id, 'leaderboard'::change_kind, search_id, pg_current_xact_id()::text::bigint FROM new_trials
        WHERE purpose = 'ranking'
        ON CONFLICT (id, kind) DO UPDATE SET transaction = excluded.transaction;
    RETURN NULL;
END $$;

-- Without a join of what the trials were with what they are: PostgreSQL keeps the plan of a function for a session, and one
-- that was made for the change of a single trial would compare each of 10,000 with all others.
CREATE FUNCTION "note_changed_trials"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change (id, kind, search_id, transaction)
        SELECT id, 'trial', search_id, pg_current_xact_id()::text::bigint FROM (
            SELECT id, search_id, state, step FROM new_trials WHERE purpose IN ('ranking', 'test')
            EXCEPT SELECT id, search_id, state, step FROM old_trials WHERE purpose IN ('ranking', 'test')
        ) AS changed
        UNION ALL
        SELECT DISTINCT search_id, 'leaderboard'::change_kind, search_id, pg_current_xact_id()::text::bigint FROM (
            SELECT id, search_id, state FROM new_trials WHERE purpose = 'ranking'
            EXCEPT SELECT id, search_id, state FROM old_trials WHERE purpose = 'ranking'
        ) AS changed
        ON CONFLICT (id, kind) DO UPDATE SET transaction = excluded.transaction;
    RETURN NULL;
END $$;

CREATE FUNCTION "note_search_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change (id, kind, search_id, transaction)
        VALUES (NEW.id, 'search', NEW.id, pg_current_xact_id()::text::bigint)
        ON CONFLICT (id, kind) DO UPDATE SET transaction = excluded.transaction;
    -- Told once a transaction, when it commits.
    PERFORM pg_notify('compound_search_change', NEW.id::text);
    RETURN NULL;
END $$;

CREATE FUNCTION "note_deleted_search"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change (id, kind, search_id, transaction)
        VALUES (NEW.id, 'deleted', NEW.id, pg_current_xact_id()::text::bigint);
    PERFORM pg_notify('compound_search_change', NEW.id::text);
    RETURN NULL;
END $$;

CREATE TRIGGER "note_new_trials" AFTER INSERT ON "trial"
    REFERENCING NEW TABLE AS new_trials FOR EACH STATEMENT EXECUTE FUNCTION note_new_trials();
CREATE TRIGGER "note_changed_trials" AFTER UPDATE ON "trial"
    REFERENCING OLD TABLE AS old_trials NEW TABLE AS new_trials
    FOR EACH STATEMENT EXECUTE FUNCTION note_changed_trials();
-- Whatever a reader can see of a search or its trials raises the revision.
CREATE TRIGGER "note_new_search" AFTER INSERT ON "search" FOR EACH ROW EXECUTE FUNCTION note_search_change();
CREATE TRIGGER "note_changed_search" AFTER UPDATE ON "search" FOR EACH ROW
    WHEN (OLD."revision" <> NEW."revision") EXECUTE FUNCTION note_search_change();
CREATE TRIGGER "note_deleted_search" AFTER INSERT ON "deleted_search"
    FOR EACH ROW EXECUTE FUNCTION note_deleted_search();
