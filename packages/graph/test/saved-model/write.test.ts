import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  encodeSavedModel,
  Graph,
  mul,
  noOp,
  placeholder,
  type Tensor,
  Variable,
  writeSavedModel,
} from '../../src/index.ts';
import { tf } from '../tensorflow.ts';

describe('writeSavedModel', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'compound-search-saved-model-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  function double(): { graph: Graph; x: Tensor; y: Tensor } {
    const graph = new Graph();
    const x = placeholder(graph, 'x', { dtype: 'float32', shape: [2, 3] });
    return { graph, x, y: mul(x, 2) };
  }

  it('writes one whole file into a folder that it makes', async () => {
    const { graph, x, y } = double();
    const options = { signatures: { double: { inputs: { x }, outputs: { y } } } };
    const folder = join(directory, 'deep', 'model');
    await writeSavedModel(folder, graph, options);
    expect(await readdir(folder)).toEqual(['saved_model.pb']);
    expect(Buffer.compare(await readFile(join(folder, 'saved_model.pb')), encodeSavedModel(graph, options))).toBe(0);
  });

  it('replaces a file that is there, and leaves it alone when the graph is refused', async () => {
    const { graph, x, y } = double();
    await writeFile(join(directory, 'saved_model.pb'), 'old');
    const refused = writeSavedModel(directory, graph, { signatures: { double: { inputs: { x }, outputs: {} } } });
    await expect(refused).rejects.toThrow('signature double has no outputs');
    expect(await readFile(join(directory, 'saved_model.pb'), 'utf8')).toBe('old');
    await writeSavedModel(directory, graph, { signatures: { double: { inputs: { x }, outputs: { y } } } });
    expect(await readdir(directory)).toEqual(['saved_model.pb']);
    expect((await readFile(join(directory, 'saved_model.pb'))).length).toBeGreaterThan(100);
  });

  it('leaves no temporary file where it cannot put the model', async () => {
    const { graph, x, y } = double();
    const folder = join(directory, 'model');
    // A folder that is not empty stands where the file should be.
    await writeSavedModel(join(folder, 'saved_model.pb'), graph, {
      signatures: { double: { inputs: { x }, outputs: { y } } },
    });
    const failed = writeSavedModel(folder, graph, { signatures: { double: { inputs: { x }, outputs: { y } } } });
    await expect(failed).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['saved_model.pb']);
  });

  it('writes what the stock reader finds: tags, signatures, names, types and shapes', async () => {
    const { graph, x, y } = double();
    const variable = new Variable(graph, { name: 'v', dtype: 'int32', shape: [] });
    await writeSavedModel(directory, graph, {
      signatures: { double: { inputs: { x }, outputs: { y } }, value: { outputs: { v: variable.read() } } },
      initialize: noOp(graph, [variable.initialize(3)]),
      tags: ['serve', 'cpu'],
    });
    const found = await tf.node.getMetaGraphsFromSavedModel(directory);
    // Shapes are left as the reader's own messages here; whether they are right shows when the graph runs.
    const tensor = (name: string, tfDtype: string): unknown => expect.objectContaining({ name, tfDtype });
    expect(found).toEqual([
      {
        tags: ['serve', 'cpu'],
        signatureDefs: {
          double: { inputs: { x: tensor('x:0', 'DT_FLOAT') }, outputs: { y: tensor('Mul:0', 'DT_FLOAT') } },
          value: { inputs: {}, outputs: { v: tensor('v/read:0', 'DT_INT32') } },
        },
      },
    ]);
  });
});
