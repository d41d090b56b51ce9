CREATE TYPE "search_state" AS ENUM ('running', 'testing', 'completed', 'completed_with_failures', 'failed', 'cancelled');
CREATE TYPE "trial_state" AS ENUM ('queued', 'running', 'completed', 'failed', 'cancelled');
CREATE TYPE "trial_purpose" AS ENUM ('ranking', 'test', 'rerun', 'model');

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

    CONSTRAINT "trial_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "trial_running_is_leased" CHECK (
        ("state" = 'running') = ("lease_expires_at" IS NOT NULL) AND ("state" <> 'running' OR "attempt_token" IS NOT NULL)
    ),
    CONSTRAINT "trial_completed_has_result" CHECK (("state" = 'completed') = ("result" IS NOT NULL)),
    CONSTRAINT "trial_failed_has_failure" CHECK (("state" = 'failed') = ("failure" IS NOT NULL)),
    CONSTRAINT "trial_ends_once" CHECK (("state" IN ('queued', 'running')) = ("ended_at" IS NULL)),
    CONSTRAINT "trial_rerun_names_its_trial" CHECK (("purpose" = 'rerun') = ("rerun_of_trial_id" IS NOT NULL))
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
CREATE INDEX "trial_state_sequence_idx" ON "trial"("state", "sequence");
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
