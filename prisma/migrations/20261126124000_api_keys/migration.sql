CREATE TYPE "role" AS ENUM ('read', 'submit', 'admin');

CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "api_key_sequence_key" ON "api_key" ("sequence");
CREATE UNIQUE INDEX "api_key_name_key" ON "api_key" ("name");
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key" ("hash");
