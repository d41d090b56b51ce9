import { defineConfig } from 'prisma/config';

import { databaseUrl } from './prisma/env.ts';

// For the Prisma command line only: the service brings its tables up to date by itself.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(databaseUrl === undefined ? {} : { datasource: { url: databaseUrl } }),
});
