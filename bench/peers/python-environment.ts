import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

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
  await run('python3', ['-m', 'venv', folder]);
  await run(program, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  await run(program, ['-c', 'import torch']);
  await writeFile(stamp, wanted);
  return { program };
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said = (said + chunk).slice(-2000)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${said.trim()}`);
}
