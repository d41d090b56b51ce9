/** The one reader of the environment in this package. */
import path from 'node:path';

/** The folders in which programs are looked for, in order. */
export function searchPath(): string[] {
  return (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
}

/** This process's environment with some variables replaced, for a child process. */
export function environmentWith(overrides: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  return { ...process.env, ...overrides };
}
