import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { type Graph, type Signature, writeSavedModel } from '@compound-search/graph';
import { onTestFinished } from 'vitest';

import { loadAddon } from '../../src/tensorflow/addon.ts';
import { type Elements, runnable, Session } from '../../src/tensorflow/session.ts';

/** Loads a graph of one signature, without variables, and returns what runs it; it is freed with the test. */
export async function loadSignature(
  graph: Graph,
  signature: Signature,
): Promise<(inputs: Readonly<Record<string, Elements>>) => Record<string, Elements>> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'compound-search-signature-'));
  try {
    await writeSavedModel(directory, graph, { signatures: { run: signature } });
    const session = new Session(loadAddon(), directory);
    onTestFinished(() => session.close());
    return (inputs) => session.run(runnable(signature), inputs);
  } finally {
    await rm(directory, { recursive: true });
  }
}
