-- Of the request with an Idempotency-Key that made a search or a trial; its identifier is derived from the key.
ALTER TABLE "search" ADD COLUMN "request_hash" TEXT;
ALTER TABLE "trial" ADD COLUMN "request_hash" TEXT;
