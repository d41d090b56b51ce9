import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Where the training graphs lie that are kept for other trials, in the folder that trainings share. */
export function graphsFolder(trainingFolder: string): string {
  return path.join(trainingFolder, 'graphs');
}

/** Where a graph keeps the names of the trials that have used it, each as an empty file. */
export function usersFolder(graphFolder: string): string {
  return path.join(graphFolder, 'trials');
}

/**
 * Notes that a trial has used a graph, so that the graph can go with the last trial that is deleted.
 *
 * @throws Error where the graph is not kept, or nothing can be written.
 */
export async function noteGraphUser(graphFolder: string, trialId: string): Promise<void> {
  const users = usersFolder(graphFolder);
  await mkdir(users).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  await writeFile(path.join(users, trialId), '');
}
