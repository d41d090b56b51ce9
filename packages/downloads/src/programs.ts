import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

import { searchPath } from './env.ts';

/** What a finished program left: its exit code (null when a signal ended it) and all that it printed. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a program to its end. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly timeoutMs?: number;
}

/** Every executable file of one of these names on the search path, names first, then folders in their order. */
export function findPrograms(names: readonly string[], folders: readonly string[] = searchPath()): string[] {
  const paths = names.flatMap((name) =>
    path.isAbsolute(name) ? [name] : folders.map((folder) => path.join(folder, name)),
  );
  return [...new Set(paths)].filter(isExecutableFile);
}

function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a program to its end, without a shell and with an input that ends. One that fails, or is ended by SIGKILL after the
 * time, is an outcome; rejects only where it cannot be started. It is ended where this process ends before it.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  // Most commands run no program, and this takes a tenth of their start.
  const { execa } = await import('execa');
  const { input = '', timeoutMs, ...others } = options;
  const result = await execa(command, args, {
    ...others,
    input,
    extendEnv: others.env === undefined,
    reject: false,
    stripFinalNewline: false,
    killSignal: 'SIGKILL',
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  });
  const hasRun = result.exitCode !== undefined || result.signal !== undefined;
  if (!hasRun && result instanceof Error) throw result;
  return { code: result.exitCode ?? null, stdout: result.stdout, stderr: result.stderr };
}

/** The last lines of a text, for an error message. */
export function lastLines(text: string, count = 8): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
