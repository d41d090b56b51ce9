import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { runProgram } from './run-program.ts';

/** A Python with the packages of requirements.txt. */
export interface PythonEnvironment {
  /** Path of the interpreter. */
  readonly program: string;
}

const folder = fileURLToPath(new URL('.venv', import.meta.url));
const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));
const stamp = path.join(folder, 'requirements.installed.txt');

/**
 * A virtual environment of the benchmark's own, made where it is not there or not of these requirements.
 *
 * @throws Error that says what failed: no Python with venv, or no package for it.
 */
export async function preparePython(log: (line: string) => void): Promise<PythonEnvironment> {
  const wanted = await readFile(requirements, 'utf8');
  const program = path.join(folder, 'bin', 'python');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return { program };
  log(`Installing ${wanted.trim()} for the comparison (some 200 MB), once`);
  await rm(folder, { recursive: true, force: true });
  await runProgram('python3', ['-m', 'venv', folder]);
  await runProgram(program, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  await runProgram(program, ['-c', 'import torch']);
  await writeFile(stamp, wanted);
  return { program };
}
