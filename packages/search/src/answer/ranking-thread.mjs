/** What a ranking thread runs. Node 20 does not wait for `--import` in a thread, so that TypeScript is registered here. */
import { register } from 'tsx/esm/api';

register();
const { rankResults } = await import('./rank-results.ts');

export default rankResults;
