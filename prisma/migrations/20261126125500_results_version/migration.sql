-- What readers of a leaderboard keep stands as long as no result comes in. Every change of a candidate's results, however
-- it comes about, gives it a version that has never been before, also after an older state of the database was restored.
ALTER TABLE "candidate" ADD COLUMN "results_version" UUID NOT NULL DEFAULT gen_random_uuid();

CREATE FUNCTION "renew_results_version"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.results_version := gen_random_uuid();
    RETURN NEW;
END $$;

CREATE TRIGGER "renew_results_version" BEFORE UPDATE ON "candidate" FOR EACH ROW
    WHEN (OLD."accuracies" IS DISTINCT FROM NEW."accuracies" OR OLD."failed_in_training" <> NEW."failed_in_training")
    EXECUTE FUNCTION renew_results_version();
