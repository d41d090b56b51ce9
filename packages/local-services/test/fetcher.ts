/** A program: makes sure that a cache has the Valkey server, and prints whether it fetched it. */
import { ensureValkey } from '../src/valkey-binary.ts';

const [cache = ''] = process.argv.slice(2);
console.log(await ensureValkey({ cache }));
setInterval(() => undefined, 60_000);
