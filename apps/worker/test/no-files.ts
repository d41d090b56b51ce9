import type { LeftFiles } from '../src/sweep-left-files.ts';

/** A machine on which trainings leave nothing. */
export const noFiles: LeftFiles = {
  listCheckpoints: () => Promise.resolve([]),
  removeCheckpoints: () => Promise.resolve(),
  listGraphUsers: () => Promise.resolve([]),
  removeGraphsOf: () => Promise.resolve(),
};
