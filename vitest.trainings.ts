/** A folder for the graphs and checkpoints that trainings of the tests leave behind, apart from the user's own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export default async function createTrainingFolder(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'compound-search-trainings-'));
  process.env['COMPOUND_SEARCH_TRAINING_FOLDER'] = folder;
  return () => rm(folder, { recursive: true });
}
