import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import {
  add,
  cast,
  constant,
  Graph,
  identity,
  mul,
  noOp,
  placeholder,
  resourceGather,
  restore,
  save,
  type Tensor,
  Variable,
} from '../../src/index.ts';
import { load } from '../tensorflow.ts';

function scalar(graph: Graph, value: number): Tensor {
  return constant(graph, value);
}

describe('Variable', () => {
  it('is read by one operation, wherever the read stands', () => {
    const graph = new Graph();
    const variable = new Variable(graph, { name: 'w', shape: [2] });
    const read = graph.scope('forward', () => variable.read());
    expect(graph.scope('backward', () => variable.read())).toBe(read);
    expect(read.node.name).toBe('w/read');
  });

  it('is named and shared by its unique node name', () => {
    const graph = new Graph();
    const first = graph.scope('stem', () => new Variable(graph, { name: 'filter', shape: [2] }));
    const second = graph.scope('stem', () => new Variable(graph, { name: 'filter', shape: [2] }));
    expect([first.name, second.name]).toEqual(['stem/filter', 'stem/filter_1']);
    expect(second.handle.node.attributes['shared_name']).toEqual({ string: 'stem/filter_1' });
  });

  it('keeps its value between runs and shares it between signatures', async () => {
    const graph = new Graph();
    const variable = new Variable(graph, { name: 'count', shape: [] });
    const increase = variable.assignAdd(2);
    const decrease = variable.assignSub(0.5);
    const outputs = (update: Tensor['node']) => ({ value: graph.after([update], () => variable.read()) });
    const loaded = await load(graph, {
      signatures: {
        increase: { outputs: outputs(increase) },
        decrease: { outputs: outputs(decrease) },
        read: { outputs: { value: identity(variable.read()) } },
      },
      initialize: variable.initialize(10),
    });
    const values: number[] = [];
    for (const signature of ['read', 'increase', 'increase', 'decrease', 'read']) {
      const { value } = await loaded.run(signature);
      values.push(...(value?.values ?? []));
    }
    await loaded.dispose();
    // 10, 10 + 2, 12 + 2, 14 - 0.5, unchanged
    expect(values).toEqual([10, 12, 14, 13.5, 13.5]);
  });

  it('gives the value from before the updates of a run, in whatever order they were built', async () => {
    const graph = new Graph();
    const early = new Variable(graph, { name: 'early', shape: [] });
    const late = new Variable(graph, { name: 'late', shape: [] });
    const readFirst = identity(early.read());
    const updates = [early.assign(mul(early.read(), 3)), late.assign(scalar(graph, 7))];
    const readLast = identity(late.read());
    const outputs = {
      readFirst: graph.after(updates, () => identity(readFirst)),
      readLast: graph.after(updates, () => identity(readLast)),
      updated: graph.after(updates, () => add(early.read(), late.read())),
    };
    const loaded = await load(graph, {
      signatures: { step: { outputs } },
      initialize: noOp(graph, [early.initialize(2), late.initialize(5)]),
    });
    const result = await loaded.run('step');
    await loaded.dispose();
    expect(result['readFirst']?.values).toEqual([2]);
    expect(result['readLast']?.values).toEqual([5]);
    // 2 * 3 + 7
    expect(result['updated']?.values).toEqual([13]);
  });

  it('holds bytes, of which a step gathers rows', async () => {
    const graph = new Graph();
    const images = new Variable(graph, { name: 'images', dtype: 'uint8', shape: [3, 2, 1] });
    const indices = placeholder(graph, 'indices', { dtype: 'int32', shape: [2] });
    const rows = resourceGather(images, indices);
    const loaded = await load(graph, {
      signatures: { gather: { inputs: { indices }, outputs: { rows: cast(rows, 'int32') } } },
      initialize: images.initialize(constant(graph, new Uint8Array([1, 2, 3, 4, 255, 0]), { shape: [3, 2, 1] })),
    });
    const { rows: found } = await loaded.run('gather', { indices: [2, 0] });
    await loaded.dispose();
    expect(rows.shape).toEqual([2, 2, 1]);
    expect(found).toEqual({ shape: [2, 2, 1], dtype: 'int32', values: [255, 0, 1, 2] });
  });

  it('is saved to a checkpoint and restored from it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'compound-search-checkpoint-'));
    const graph = new Graph();
    const weights = new Variable(graph, { name: 'weights', shape: [2] });
    const step = new Variable(graph, { name: 'step', dtype: 'int32', shape: [] });
    const prefix = constant(graph, join(directory, 'checkpoint'));
    const saved = save(prefix, { weights: weights.read(), step: step.read() });
    const read = restore(prefix, { weights, step });
    const restored = noOp(graph, [weights.assign(read.weights), step.assign(read.step)]);
    const done = (operation: Tensor['node']) => ({ done: graph.after([operation], () => identity(step.read())) });
    const change = noOp(graph, [weights.assign(constant(graph, [0, 0])), step.assign(0)]);
    const loaded = await load(graph, {
      signatures: {
        save: { outputs: done(saved) },
        change: { outputs: done(change) },
        restore: { outputs: done(restored) },
        read: { outputs: { weights: identity(weights.read()), step: identity(step.read()) } },
      },
      initialize: noOp(graph, [weights.initialize(constant(graph, [1.5, -2])), step.initialize(41)]),
    });
    await loaded.run('save');
    await loaded.run('change');
    const changed = await loaded.run('read');
    await loaded.run('restore');
    const result = await loaded.run('read');
    await loaded.dispose();
    await rm(directory, { recursive: true });
    expect(changed['weights']?.values).toEqual([0, 0]);
    expect(result['weights']?.values).toEqual([1.5, -2]);
    expect(result['step']?.values).toEqual([41]);
  });

  it('refuses values of another type or shape', () => {
    const graph = new Graph();
    const variable = new Variable(graph, { name: 'w', shape: [2, 3] });
    expect(() => variable.assign(constant(graph, [1, 2]))).toThrow(
      'AssignVariableOp: variable w is float32[2,3], but the value is float32[2]',
    );
    expect(() => variable.assignAdd(1)).toThrow(
      'AssignAddVariableOp: variable w is float32[2,3], but the value is float32[]',
    );
  });
});
