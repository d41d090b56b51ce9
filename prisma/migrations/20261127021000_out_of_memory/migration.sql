-- The worker on which a trial has found no memory: it is tried once more, on another worker where there is one. One of the
-- version before takes it as any other trial.
ALTER TABLE "trial" ADD COLUMN "exhausted_on" TEXT;
