import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import type { Recipe } from '@compound-search/contracts';
import { writeSavedModel } from '@compound-search/graph';
import type { Network } from '@compound-search/networks';

import { buildTrainingGraph, type TrainingGraph } from '../lowering/training-graph.ts';
import type { TFJSBinding } from '../tensorflow/addon.ts';
import { type Elements, scalarOf, Session } from '../tensorflow/session.ts';
import type { PreparedData } from './prepared-data.ts';

/** Images of one evaluation call: it bounds the memory of the activations, which grows with the batch. */
const evaluationBatchSize = 250;

/** Outcome of one training step over its batch. */
export interface StepOutcome {
  /** Mean smoothed cross entropy in nats. */
  readonly loss: number;
  readonly learningRate: number;
  /** Images whose class was right. */
  readonly correct: number;
}

/** Means over an evaluated set. */
export interface Evaluation {
  readonly loss: number;
  readonly accuracy: number;
}

/** A network in training: one graph in TensorFlow with its data and its variables. */
export class Trainer {
  /** Full batches of the training images. Images that fill no last batch wait for the next epoch, whose order is another. */
  readonly stepsPerEpoch: number;
  readonly #graph: TrainingGraph;
  readonly #session: Session;

  private constructor(graph: TrainingGraph, session: Session, stepsPerEpoch: number) {
    this.#graph = graph;
    this.#session = session;
    this.stepsPerEpoch = stepsPerEpoch;
  }

  /** Builds the graph, loads it into TensorFlow and moves the data in. Weights are unset until {@link initialize}. */
  static async create(
    addon: TFJSBinding,
    { network, recipe, data }: { network: Network; recipe: Recipe; data: PreparedData },
  ): Promise<Trainer> {
    const stepsPerEpoch = Math.floor(data.train.length / recipe.batchSize);
    const graph = buildTrainingGraph({
      network,
      recipe,
      image: data.image,
      images: data.count,
      evaluationBatchSize,
      stepsPerEpoch,
    });
    const directory = await mkdtemp(path.join(os.tmpdir(), 'compound-search-'));
    try {
      const model = path.join(directory, 'model');
      await writeSavedModel(model, graph.graph, graph);
      const trainer = new Trainer(graph, new Session(addon, model), stepsPerEpoch);
      trainer.#session.run(graph.signatures.load, { images: data.images, labels: data.labels });
      return trainer;
    } finally {
      await rm(directory, { recursive: true });
    }
  }

  /** Sets weights, moving statistics and optimizer to the start of a training. */
  initialize(seed: number): void {
    this.#session.run(this.#graph.signatures.initialize, { seed: Int32Array.of(seed) });
  }

  /** One step on the images at `indices` [batch]. */
  step(indices: Int32Array, { step, seed }: { step: number; seed: number }): StepOutcome {
    const outputs = this.#session.run(this.#graph.signatures.train, {
      indices,
      step: Int32Array.of(step),
      seed: Int32Array.of(seed),
    });
    return {
      loss: scalarOf(outputs, 'loss'),
      learningRate: scalarOf(outputs, 'learningRate'),
      correct: scalarOf(outputs, 'correct'),
    };
  }

  /** Mean loss and accuracy over the images at `indices`, of any number. `between` runs between two calls to TensorFlow. */
  async evaluate(indices: Int32Array, between: () => Promise<void>): Promise<Evaluation> {
    let lossSum = 0;
    let correct = 0;
    for (let start = 0; start < indices.length; start += evaluationBatchSize) {
      const part = indices.subarray(start, start + evaluationBatchSize);
      // The last batch is filled up with image 0, which `count` keeps out of the sums.
      const filled = new Int32Array(evaluationBatchSize);
      filled.set(part);
      const outputs = this.#session.run(this.#graph.signatures.evaluate, {
        indices: filled,
        count: Int32Array.of(part.length),
      });
      lossSum += scalarOf(outputs, 'lossSum');
      correct += scalarOf(outputs, 'correct');
      await between();
    }
    return { loss: lossSum / indices.length, accuracy: correct / indices.length };
  }

  /** All variables by name, those of the optimizer too. */
  exportVariables(): Record<string, Elements> {
    return this.#session.run(this.#graph.signatures.export);
  }

  /** Puts back what {@link exportVariables} gave. */
  importVariables(variables: Readonly<Record<string, Elements>>): void {
    this.#session.run(this.#graph.signatures.import, variables);
  }

  /** SHA-256 over the network's variables: equal weights, to the bit, have equal hashes. */
  weightsHash(): string {
    const variables = this.exportVariables();
    const hash = createHash('sha256');
    for (const name of this.#graph.networkVariables) {
      const elements = variables[name];
      if (elements === undefined) throw new Error(`The graph exports no variable ${name}`);
      hash.update(name).update(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength));
    }
    return hash.digest('hex');
  }

  close(): void {
    this.#session.close();
  }
}
