import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { type Graph, type Signature, writeSavedModel } from '@compound-search/graph';

import { loadAddon } from '../../src/tensorflow/addon.ts';
import { type Elements, runnable, Session } from '../../src/tensorflow/session.ts';

/** Loads a graph of one signature, without variables, and runs it once for each of the inputs. */
export async function runSignature(
  graph: Graph,
  signature: Signature,
  inputs: readonly Readonly<Record<string, Elements>>[],
): Promise<Record<string, Elements>[]> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'compound-search-signature-'));
  try {
    await writeSavedModel(directory, graph, { signatures: { run: signature } });
    const session = new Session(loadAddon(), directory);
    const results = inputs.map((fed) => session.run(runnable(signature), fed));
    session.close();
    return results;
  } finally {
    await rm(directory, { recursive: true });
  }
}
