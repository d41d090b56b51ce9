import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Graph } from '../graph/graph.ts';
import { encodeSavedModel, type SavedModelOptions } from './encode.ts';

/**
 * Writes a graph as a SavedModel, `saved_model.pb` in a folder that is made where it is missing. The file appears at
 * once and whole: it is written under another name and renamed.
 * @throws GraphError as {@link encodeSavedModel}, before anything is written.
 */
export async function writeSavedModel(directory: string, graph: Graph, options: SavedModelOptions): Promise<void> {
  const bytes = encodeSavedModel(graph, options);
  await mkdir(directory, { recursive: true });
  const temporary = join(directory, `.saved_model-${randomUUID()}.pb`);
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, join(directory, 'saved_model.pb'));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
