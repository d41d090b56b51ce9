-- The search that another one goes on from.
ALTER TABLE "search" ADD COLUMN "extends_search_id" UUID;
ALTER TABLE "search" ADD CONSTRAINT "search_extends_search_id_fkey"
    FOREIGN KEY ("extends_search_id") REFERENCES "search"("id") ON DELETE SET NULL ON UPDATE CASCADE;
