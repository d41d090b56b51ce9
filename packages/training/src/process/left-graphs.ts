import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

import { graphsFolder, usersFolder } from '../trial/graph-users.ts';
import { trainingFolderOfEnvironment } from './env.ts';

/** A training reads its graph within this time after it has found it. */
const inUseMilliseconds = 10 * 60_000;

/** The trials that have used the graphs that are kept. */
export async function listGraphUsers(folder = trainingFolderOfEnvironment()): Promise<string[]> {
  const users = await Promise.all((await graphsIn(folder)).map(usersOf));
  return [...new Set(users.flat())];
}

/** Removes the graphs that these trials alone have used, but for one that a training may be about to read. */
export async function removeGraphsOf(
  trialIds: readonly string[],
  folder = trainingFolderOfEnvironment(),
): Promise<void> {
  const gone = new Set(trialIds);
  for (const graph of await graphsIn(folder)) {
    const users = await usersOf(graph);
    if (users.length > 0 && users.every((trialId) => gone.has(trialId)) && !(await mayBeInUse(graph))) {
      await rm(graph, { recursive: true, force: true });
    }
  }
}

async function graphsIn(folder: string): Promise<string[]> {
  const graphs = graphsFolder(folder);
  return (await readdir(graphs).catch(() => [])).map((name) => path.join(graphs, name));
}

function usersOf(graph: string): Promise<string[]> {
  return readdir(usersFolder(graph)).catch(() => []);
}

/** Every training that finds a graph sets the time of its folder. */
async function mayBeInUse(graph: string): Promise<boolean> {
  const found = await stat(graph).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs < inUseMilliseconds;
}
