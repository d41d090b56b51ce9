import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

import { runProgram } from '../peers/run-program.ts';

const debianPackage = 'dataset-fashion-mnist';
/** Where the package has the four IDX files, gzipped. */
const packageFolder = 'usr/share/datasets/fashion-mnist';

/**
 * Fashion-MNIST (Xiao, Rasul & Vollgraf 2017) as Debian packages it, unpacked without being installed, once.
 *
 * @returns The data set's name below `dataRoot`.
 * @throws Error that says what failed and what to do instead.
 */
export async function fetchFashionMnist(dataRoot: string, log: (line: string) => void): Promise<string> {
  const name = 'fashion-mnist';
  const folder = path.join(dataRoot, name);
  if (existsSync(folder)) return `idx:${name}`;
  await mkdir(dataRoot, { recursive: true });
  const temporary = await mkdtemp(path.join(dataRoot, 'download-'));
  try {
    log(`Fetching Debian's package ${debianPackage} (31 MB), once`);
    await runProgram('apt-get', ['download', debianPackage], { cwd: temporary });
    const [file = ''] = await readdir(temporary);
    await runProgram('dpkg', ['-x', file, 'unpacked'], { cwd: temporary });
    await rename(path.join(temporary, 'unpacked', packageFolder), folder);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `Fashion-MNIST cannot be fetched: ${reason}\nRun \`apt-get update\` on a Debian or Ubuntu and try again, or put ` +
        `its four IDX files into ${folder} yourself; \`--datasets mnist\` does without.`,
      { cause },
    );
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return `idx:${name}`;
}
