import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { listGraphUsers, removeGraphsOf } from '@compound-search/training';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { graphsFolder, noteGraphUser } from '../../src/trial/graph-users.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'compound-search-graphs-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Leaves a graph that these trials have used, and that was found the last time so many minutes ago. */
async function leave(name: string, users: readonly string[], minutes = 60): Promise<void> {
  const graph = path.join(graphsFolder(folder), name);
  await mkdir(graph, { recursive: true });
  await writeFile(path.join(graph, 'program.json'), '{}');
  for (const trialId of users) await noteGraphUser(graph, trialId);
  const time = new Date(Date.now() - minutes * 60_000);
  await utimes(graph, time, time);
}

function graphs(): Promise<string[]> {
  return readdir(graphsFolder(folder));
}

describe('graphs that are left behind', () => {
  it('know the trials that have used them, each once', async () => {
    await leave('one', ['a', 'b', 'b']);
    await leave('other', ['b', 'c']);
    expect((await listGraphUsers(folder)).toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('go with the last of these trials, and no sooner', async () => {
    await leave('one', ['a', 'b']);
    await leave('other', ['b', 'c']);
    await removeGraphsOf(['a'], folder);
    expect((await graphs()).toSorted()).toEqual(['one', 'other']);
    await removeGraphsOf(['a', 'b'], folder);
    expect(await graphs()).toEqual(['other']);
  });

  it('stay for a while when a training has just found them, and where nobody has noted a use', async () => {
    await leave('found', ['a'], 1);
    await leave('unnoted', []);
    await removeGraphsOf(['a'], folder);
    expect((await graphs()).toSorted()).toEqual(['found', 'unnoted']);
  });

  it('are none before the first training', async () => {
    expect(await listGraphUsers(path.join(folder, 'of nobody'))).toEqual([]);
    await expect(removeGraphsOf(['a'], path.join(folder, 'of nobody'))).resolves.toBeUndefined();
  });
});
