-- Trials that are trained elsewhere, and whose results are imported. Services of the version before leave searches alone
-- whose request is of a newer version, so that they claim no trial that waits for an import.
ALTER TABLE "search" ADD COLUMN "imported_trials" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "trial" ADD COLUMN "external" BOOLEAN NOT NULL DEFAULT false;

-- Over what workers may take alone: however many trials wait for results, the look at the next ones costs the same.
CREATE INDEX "trial_purpose_sequence_idx" ON "trial"("purpose", "sequence") WHERE (state = 'queued' AND NOT external);
DROP INDEX "trial_state_purpose_sequence_idx";
