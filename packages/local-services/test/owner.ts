/** A program: owns a data folder with both services until it is ended, and prints where they are. */
import { startLocalServices } from '../src/local-services.ts';

const [dataFolder = ''] = process.argv.slice(2);
const { databaseUrl, redisUrl } = await startLocalServices({ dataFolder });
console.log(JSON.stringify({ databaseUrl, redisUrl }));
setInterval(() => undefined, 60_000);
