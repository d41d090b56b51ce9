-- Workers that claim trials over HTTP have keys of their own role, and the trials that are for them an index.

ALTER TYPE "role" ADD VALUE 'worker' BEFORE 'submit';

CREATE INDEX "trial_external_idx" ON "trial"("search_id", "purpose" DESC, "sequence")
    WHERE (state = 'queued' AND external);
