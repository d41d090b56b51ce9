import { homedir } from 'node:os';
import path from 'node:path';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { cacheFolder } from '../src/env.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const inHome = path.join(homedir(), '.cache', 'compound-search');
const inLibrary = path.join(homedir(), 'Library', 'Caches', 'compound-search');

describe('the cache folder', () => {
  it.each<[string, NodeJS.Platform, Record<string, string>, string]>([
    ['is in the home folder on Linux', 'linux', {}, inHome],
    ['follows the XDG convention', 'linux', { XDG_CACHE_HOME: '/var/cache/me' }, '/var/cache/me/compound-search'],
    ['ignores a relative folder, as the convention says', 'linux', { XDG_CACHE_HOME: 'cache' }, inHome],
    ['is where macOS keeps caches', 'darwin', { XDG_CACHE_HOME: '/var/cache/me' }, inLibrary],
    ['is what the user says, before anything else', 'linux', { COMPOUND_SEARCH_CACHE_DIR: '/data/it' }, '/data/it'],
    ['is absolute', 'darwin', { COMPOUND_SEARCH_CACHE_DIR: 'it' }, path.resolve('it')],
  ])('%s', (_, platform, variables, expected) => {
    for (const [name, value] of Object.entries({ XDG_CACHE_HOME: '', COMPOUND_SEARCH_CACHE_DIR: '', ...variables })) {
      vi.stubEnv(name, value);
    }
    expect(cacheFolder(platform)).toBe(expected);
  });
});
