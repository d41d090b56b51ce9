/**
 * Deterministic random streams: everything that is drawn comes from a seed and the name of a purpose. Pure, without
 * dependencies; any package may import it.
 */
export { type RandomStream, randomStream, shuffle } from './random-stream.ts';
