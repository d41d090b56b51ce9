import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import util from 'node:util';

import { type Graph, type SavedModelOptions, type Shape, sizeOf, unknownSize, writeSavedModel } from '../src/index.ts';

// tfjs-node calls this function, which Node 23 removed (tensorflow/tfjs 8609).
if (!('isNullOrUndefined' in util)) {
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
}

/** Native TensorFlow. */
export const { default: tf } = await import('@tensorflow/tfjs-node-gpu');

type NamedTensorMap = Readonly<Record<string, ReturnType<typeof tf.tensor>>>;
type Model = Awaited<ReturnType<typeof tf.node.loadSavedModel>>;

/** The values of a tensor that TensorFlow computed, and the shape that it really has. */
export interface Result {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: readonly number[];
}

/** What is fed: elements in row-major order; the shape is the placeholder's, where an unknown batch is as large as they fill. */
export type Feeds = Readonly<Record<string, readonly number[] | Float32Array | Int32Array | Uint8Array>>;

/** A graph loaded into native TensorFlow. */
export interface LoadedGraph {
  /** Runs a signature and fetches all of its outputs. */
  readonly run: (signature: string, feeds?: Feeds) => Promise<Readonly<Record<string, Result>>>;
  /** Frees the graph and its file. */
  readonly dispose: () => Promise<void>;
}

function filledBy(elements: number, shape: Shape): number[] {
  return shape.map((size) => (size === unknownSize ? elements / sizeOf(shape.slice(1)) : size));
}

/** Writes a graph as a SavedModel to a folder of its own, and loads it. */
export async function load(graph: Graph, options: SavedModelOptions): Promise<LoadedGraph> {
  const directory = await mkdtemp(join(tmpdir(), 'compound-search-graph-'));
  await writeSavedModel(directory, graph, options);
  const models = new Map<string, Model>();
  return {
    run: async (name, feeds = {}) => {
      const signature = options.signatures[name];
      if (signature === undefined) throw new Error(`there is no signature ${name}`);
      const model = models.get(name) ?? (await tf.node.loadSavedModel(directory, ['serve'], name));
      models.set(name, model);
      const inputs = Object.fromEntries(
        Object.entries(signature.inputs ?? {}).map(([key, { dtype, shape }]) => {
          const values = Array.from(feeds[key] ?? []);
          return [key, tf.tensor(values, filledBy(values.length, shape), dtype === 'float32' ? 'float32' : 'int32')];
        }),
      );
      const outputs = model.predict(inputs);
      const results = Object.entries(outputs as NamedTensorMap).map(([key, tensor]) => {
        return [key, { shape: tensor.shape, dtype: tensor.dtype, values: Array.from(tensor.dataSync()) }] as const;
      });
      tf.dispose([inputs, outputs]);
      return Object.fromEntries(results);
    },
    dispose: async () => {
      for (const model of models.values()) model.dispose();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
