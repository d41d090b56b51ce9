-- A ranking trial may take over what an equal one of an earlier search has come to. Which trials are equal is said in
-- packages/store/src/attempts/take-over-trial.ts. Searches of earlier versions have no hash, and give nothing away.
ALTER TABLE "search"
    ADD COLUMN "training_hash" TEXT,
    ADD COLUMN "taken_over_trials" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "trial"
    ADD COLUMN "taken_over_from" UUID,
    ADD CONSTRAINT "trial_taken_over_is_ranking" CHECK ("taken_over_from" IS NULL OR "purpose" = 'ranking');
ALTER TABLE "trial" ADD CONSTRAINT "trial_taken_over_from_fkey"
    FOREIGN KEY ("taken_over_from") REFERENCES "trial"("id") ON DELETE SET NULL ON UPDATE CASCADE;

CREATE INDEX "candidate_fingerprint_idx" ON "candidate"("fingerprint");

-- Row by row, since that is what costs nothing where no trial is taken over. A statement that does so concerns one search.
CREATE FUNCTION "count_takeover"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE search SET taken_over_trials = taken_over_trials
        + (NEW.taken_over_from IS NOT NULL)::int - (OLD.taken_over_from IS NOT NULL)::int
        WHERE id = NEW.search_id;
    RETURN NULL;
END $$;

CREATE TRIGGER "count_takeover" AFTER UPDATE OF "taken_over_from" ON "trial" FOR EACH ROW
    WHEN (OLD."taken_over_from" IS DISTINCT FROM NEW."taken_over_from") EXECUTE FUNCTION count_takeover();
