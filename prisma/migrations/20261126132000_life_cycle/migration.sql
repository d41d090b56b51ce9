-- Searches that are paused, stopped, retried and deleted. A service of the version before cannot show a search in one of the
-- new states, and its workers go on with the queued trials of a paused one: upgrade all of them before these verbs are used.
ALTER TYPE "search_state" ADD VALUE 'paused' AFTER 'testing';
ALTER TYPE "search_state" ADD VALUE 'stopping' AFTER 'paused';
ALTER TYPE "search_state" ADD VALUE 'stopped' AFTER 'completed_with_failures';

ALTER TABLE "search"
    DROP CONSTRAINT "search_ends_once",
    -- As text, since a label cannot be used in the transaction that adds it.
    ADD CONSTRAINT "search_ends_once" CHECK (
        ("state"::text IN ('running', 'testing', 'paused', 'stopping')) = ("ended_at" IS NULL)
    );

-- What has been deleted, for two weeks: whoever deletes it again is told the same, and workers learn that nobody needs what
-- its trials have left on their disks.
CREATE TABLE "deleted_search" (
    "id" UUID NOT NULL,
    "deleted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "deleted_search_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "deleted_trial" (
    "id" UUID NOT NULL,
    "search_id" UUID NOT NULL,

    CONSTRAINT "deleted_trial_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "deleted_trial_search_id_idx" ON "deleted_trial"("search_id");
ALTER TABLE "deleted_trial" ADD CONSTRAINT "deleted_trial_search_id_fkey"
    FOREIGN KEY ("search_id") REFERENCES "deleted_search"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A trial that was taken over names where its numbers were measured, also when that is gone.
ALTER TABLE "trial" DROP CONSTRAINT "trial_taken_over_from_fkey";

-- Deleting looks for what refers to each deleted row.
CREATE INDEX "trial_candidate_id_idx" ON "trial"("candidate_id");
CREATE INDEX "trial_rerun_of_trial_id_idx" ON "trial"("rerun_of_trial_id") WHERE (rerun_of_trial_id IS NOT NULL);
