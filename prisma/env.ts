/** The database that the Prisma command line works on; `prisma generate` needs none. */
export const databaseUrl = process.env['DATABASE_URL'];
