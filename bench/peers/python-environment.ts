import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { runProgram } from './run-program.ts';

/** What a Python is to have. */
export interface PythonPackages {
  /** File beside this one, in pip's format. */
  readonly requirements: string;
  /** Of the virtual environment, beside this file. */
  readonly folder: string;
  /** What must be importable in the end. */
  readonly module: string;
  readonly megabytes: number;
}

export const pytorch: PythonPackages = {
  requirements: 'requirements.txt',
  folder: '.venv',
  module: 'torch',
  megabytes: 200,
};

export const tensorflow: PythonPackages = {
  requirements: 'requirements-tensorflow.txt',
  folder: '.venv-tensorflow',
  module: 'tensorflow',
  megabytes: 350,
};

/** PyTorch with what searches on it. */
export const searchPeers: PythonPackages = {
  requirements: 'requirements-search.txt',
  folder: '.venv-search',
  module: 'optuna',
  megabytes: 210,
};

export const ray: PythonPackages = {
  requirements: 'requirements-ray.txt',
  folder: '.venv-ray',
  module: 'ray.tune',
  megabytes: 350,
};

/** Libraries of networks: Keras on PyTorch, timm and torchvision. */
export const libraries: PythonPackages = {
  requirements: 'requirements-libraries.txt',
  folder: '.venv-libraries',
  module: 'torch',
  megabytes: 300,
};

/** Optuna alone, without anything that trains. */
export const optuna: PythonPackages = {
  requirements: 'requirements-optuna.txt',
  folder: '.venv-optuna',
  module: 'optuna',
  megabytes: 20,
};

/** What makes requests up from an OpenAPI document, and holds the answers against it. */
export const schemathesis: PythonPackages = {
  requirements: 'requirements-schemathesis.txt',
  folder: '.venv-schemathesis',
  module: 'schemathesis',
  megabytes: 20,
};

/** A Python with those packages. */
export interface PythonEnvironment {
  /** Path of the interpreter. */
  readonly program: string;
}

const here = fileURLToPath(new URL('.', import.meta.url));

/**
 * A virtual environment of the comparison's own, made where it is not there or not of these requirements.
 *
 * @throws Error that says what failed: no Python with venv, or no package for it.
 */
export async function preparePython(
  log: (line: string) => void,
  packages: PythonPackages = pytorch,
): Promise<PythonEnvironment> {
  const { folder, requirements, stamp, program } = placesOf(packages);
  if (isPrepared(packages)) return { program };
  log(`Installing ${packages.module} for the comparison (some ${packages.megabytes} MB), once`);
  await rm(folder, { recursive: true, force: true });
  await runProgram('python3', ['-m', 'venv', folder]);
  await runProgram(program, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  await runProgram(program, ['-c', `import ${packages.module}`]);
  await writeFile(stamp, readFileSync(requirements));
  return { program };
}

/** Whether {@link preparePython} has done its work, or can: Python 3 is there, and pip reaches the packages. */
export function canPreparePython(packages: PythonPackages): boolean {
  if (isPrepared(packages)) return true;
  const downloads = mkdtempSync(path.join(tmpdir(), 'compound-search-packages-'));
  const { requirements } = placesOf(packages);
  const pip = ['-m', 'pip', 'download', '--no-deps', '--retries', '0', '--dest', downloads, '-r', requirements];
  const succeeds = (args: readonly string[]): boolean => spawnSync('python3', args, { stdio: 'ignore' }).status === 0;
  try {
    return succeeds(['-c', 'import ensurepip, venv']) && succeeds(pip);
  } finally {
    rmSync(downloads, { recursive: true });
  }
}

function placesOf(packages: PythonPackages) {
  const folder = path.join(here, packages.folder);
  return {
    folder,
    requirements: path.join(here, packages.requirements),
    /** The requirements that are met. */
    stamp: path.join(folder, 'requirements.installed.txt'),
    program: path.join(folder, 'bin', 'python'),
  };
}

function isPrepared(packages: PythonPackages): boolean {
  const { requirements, stamp } = placesOf(packages);
  return existsSync(stamp) && readFileSync(stamp).equals(readFileSync(requirements));
}
