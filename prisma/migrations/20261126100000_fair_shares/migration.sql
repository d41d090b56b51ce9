-- Slots are shared among searches: packages/store/src/attempts/claim-next-trial.ts says how. A worker of the version before
-- goes on taking the trials that the queue names to it.
ALTER TABLE "search"
    ADD COLUMN "priority" INTEGER NOT NULL DEFAULT 0,
    -- A number of the same sequence is given to each new search and to the search of each trial that is started.
    ADD COLUMN "served" BIGSERIAL NOT NULL;

-- Which searches have trials for workers, and which of them is next: both are read from the ends of this index. No other
-- has this order, so that the planner reads no other, whatever it believes of how many trials are queued.
CREATE INDEX "trial_search_id_purpose_sequence_idx" ON "trial"("search_id", "purpose" DESC, "sequence")
    WHERE (state = 'queued' AND NOT external);
DROP INDEX "trial_purpose_sequence_idx";

-- Running trials alone, which are as many as there are slots: whose they are, and which of their leases has run out.
CREATE INDEX "trial_lease_expires_at_search_id_idx" ON "trial"("lease_expires_at", "search_id") WHERE (state = 'running');
DROP INDEX "trial_state_lease_expires_at_idx";
