ALTER TYPE "trial_purpose" ADD VALUE 'rerun';
ALTER TYPE "trial_purpose" ADD VALUE 'model';

ALTER TABLE "trial" ADD COLUMN "rerun_of_trial_id" UUID;
ALTER TABLE "trial" ADD CONSTRAINT "trial_rerun_of_trial_id_fkey"
    FOREIGN KEY ("rerun_of_trial_id") REFERENCES "trial"("id") ON DELETE SET NULL ON UPDATE CASCADE;
-- As text: PostgreSQL refuses a label of an enumeration in the transaction that adds it.
ALTER TABLE "trial" ADD CONSTRAINT "trial_rerun_names_its_trial" CHECK (
    ("purpose"::text = 'rerun') = ("rerun_of_trial_id" IS NOT NULL)
);

-- One trial for each candidate and seed holds for what a search consists of; a trial is rerun as often as is asked for.
DROP INDEX "trial_candidate_id_seed_purpose_key";
CREATE UNIQUE INDEX "trial_candidate_id_seed_purpose_key" ON "trial"("candidate_id", "seed", "purpose")
    WHERE (purpose IN ('ranking', 'test'));

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

ALTER TABLE "model_plan" ADD CONSTRAINT "model_plan_trial_id_fkey"
    FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "saved_model_part" ADD CONSTRAINT "saved_model_part_trial_id_fkey"
    FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
