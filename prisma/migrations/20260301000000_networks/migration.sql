-- Trials carry the description of their network from here on. Searches under way from before have none, so they end.
UPDATE "trial" SET "state" = 'cancelled', "lease_expires_at" = NULL, "ended_at" = now() WHERE "state" IN ('queued', 'running');
UPDATE "search" SET "state" = 'cancelled', "ended_at" = now() WHERE "state" IN ('running', 'testing');
-- Of an ended search nothing is trained again: its description is only for reading, and says no more than its name.
ALTER TABLE "search" ADD COLUMN "network" JSONB;
UPDATE "search" SET "network" = jsonb_build_object('name', "request" -> 'baseline');
ALTER TABLE "search" ALTER COLUMN "network" SET NOT NULL;

CREATE TABLE "baseline" (
    "name" TEXT NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "description" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "baseline_pkey" PRIMARY KEY ("name")
);

CREATE UNIQUE INDEX "baseline_sequence_key" ON "baseline"("sequence");
