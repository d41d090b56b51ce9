/**
 * Where everything that can be made again is kept: downloads, compiled addons, decoded images. One place decides it, so
 * that all packages and all clones of one user share it. It has no dependencies and anybody may import it.
 */
export { cacheFolder } from './env.ts';
