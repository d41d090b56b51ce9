import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import type { Recipe } from '@compound-search/contracts';
import { type Network, networkCost } from '@compound-search/networks';

import { type BatchFeed, residentFeed } from '../feeding/batch-feed.ts';
import { ThreadedFeed } from '../feeding/threaded-feed.ts';
import type { BatchNormalizationKernels } from '../lowering/lower-network.ts';
import { partOfTraining, type TrainingLength, trainingLength } from '../lowering/training-length.ts';
import type { TFJSBinding } from '../tensorflow/addon.ts';
import { type Elements, scalarOf, Session } from '../tensorflow/session.ts';
import type { PreparedData } from './prepared-data.ts';
import { type TrainingProgram, writeTrainingProgram } from './training-program.ts';

/** Images of one evaluation call: it bounds the memory of the activations, which grows with the batch. */
const evaluationBatchSize = 250;

/** Images that the graph holds at most, in bytes. */
const defaultResidentBytes = 2 ** 30;

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

/** What is trained. */
export interface TrainerRequest {
  readonly network: Network;
  /** The network at the input of each equal part of the training, in turn. @defaultValue the network itself throughout */
  readonly parts?: readonly Network[];
  readonly recipe: Recipe;
  readonly data: PreparedData;
  /** Folder that keeps training graphs for the next trial of the same network. @defaultValue none is kept */
  readonly graphFolder?: string;
  /** Bytes of images up to which they are variables of the graph; more are fed batch by batch. @defaultValue 1 GiB */
  readonly residentBytes?: number | undefined;
  /** Whose kernels normalize batches. @defaultValue oneDNN's, where TensorFlow uses it */
  readonly batchNormalization?: BatchNormalizationKernels | undefined;
}

/** A network in training: one graph in TensorFlow with its variables and its data, or a feed of them. */
export class Trainer {
  /**
   * Of an epoch: full batches of the training images. Images that fill no last batch wait for the next epoch, whose
   * order is another.
   */
  readonly length: TrainingLength;
  /** Hash of all that decides the graph. */
  readonly graphKey: string;
  readonly #program: TrainingProgram;
  readonly #session: Session;
  readonly #feed: BatchFeed;

  private constructor(program: TrainingProgram, session: Session, { length, feed }: TrainerParts) {
    this.graphKey = path.basename(program.directory);
    this.#program = program;
    this.#session = session;
    this.length = length;
    this.#feed = feed;
  }

  /**
   * Builds the graph, loads it into TensorFlow and moves the data in, or starts the thread that feeds it. Weights are unset
   * until {@link initialize}.
   */
  static async create(addon: TFJSBinding, request: TrainerRequest): Promise<Trainer> {
    const { network, parts = [network], recipe, data, graphFolder } = request;
    const isResident = data.images.byteLength <= (request.residentBytes ?? defaultResidentBytes);
    const length = trainingLength(recipe, {
      stepsPerEpoch: Math.floor(data.train.length / recipe.batchSize),
      macs: parts.map((part) => networkCost(part).macs),
    });
    const graphRequest = {
      network,
      parts,
      recipe,
      length,
      image: data.image,
      residentImages: isResident ? data.count : null,
      evaluationBatchSize,
      batchNormalization: request.batchNormalization ?? 'onednn',
    };
    const folder = graphFolder ?? (await mkdtemp(path.join(os.tmpdir(), 'compound-search-')));
    try {
      const program = await writeTrainingProgram(graphRequest, folder);
      const session = new Session(addon, program.directory);
      if (isResident) session.run(program.signatures.load, { images: data.images, labels: data.labels });
      const largestBatch = Math.max(recipe.batchSize, evaluationBatchSize);
      const feed = isResident ? residentFeed : await ThreadedFeed.create(data, largestBatch);
      return new Trainer(program, session, { length, feed });
    } finally {
      if (graphFolder === undefined) await rm(folder, { recursive: true });
    }
  }

  /** Sets weights, moving statistics, averages and optimizer to the start of a training. */
  initialize(seed: number): void {
    this.#session.run(this.#program.signatures.initialize, { seed: Int32Array.of(seed) });
  }

  /** Says which images the next steps take: full batches, in their order. It only saves time. */
  announce(indices: Int32Array, batchSize: number): void {
    this.#feed.announce(indices, batchSize);
  }

  /** One step on the images at `indices` [batch]. */
  step(indices: Int32Array, { step, seed }: { step: number; seed: number }): StepOutcome {
    const { train } = this.#program;
    const signature = train[partOfTraining(step, this.length, train.length)];
    if (signature === undefined) throw new Error(`Step ${step} belongs to no part of the training`);
    const outputs = this.#session.run(signature, {
      ...this.#feed.batch(indices),
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
    // The last batch is filled up with image 0, which `count` keeps out of the sums.
    const filled = new Int32Array(Math.ceil(indices.length / evaluationBatchSize) * evaluationBatchSize);
    filled.set(indices);
    this.#feed.announce(filled, evaluationBatchSize);
    for (let start = 0; start < indices.length; start += evaluationBatchSize) {
      const outputs = this.#session.run(this.#program.signatures.evaluate, {
        ...this.#feed.batch(filled.subarray(start, start + evaluationBatchSize)),
        count: Int32Array.of(Math.min(evaluationBatchSize, indices.length - start)),
      });
      lossSum += scalarOf(outputs, 'lossSum');
      correct += scalarOf(outputs, 'correct');
      await between();
    }
    return { loss: lossSum / indices.length, accuracy: correct / indices.length };
  }

  /** Writes all variables to files whose names begin with `prefix`. */
  save(prefix: string): void {
    this.#session.run(this.#program.signatures.save, { prefix });
  }

  /** Puts back what {@link save} wrote. */
  restore(prefix: string): void {
    this.#session.run(this.#program.signatures.restore, { prefix });
  }

  /** All variables by name, those of the optimizer too. */
  exportVariables(): Record<string, Elements> {
    return this.#session.run(this.#program.signatures.export);
  }

  /** Puts back what {@link exportVariables} gave. */
  importVariables(variables: Readonly<Record<string, Elements>>): void {
    this.#session.run(this.#program.signatures.import, variables);
  }

  /** The network's variables by name, with the values that evaluation uses: the averages, where the recipe has them. */
  evaluatedVariables(): ReadonlyMap<string, Elements> {
    const variables = this.exportVariables();
    return new Map(
      this.#program.networkVariables.map(({ name, evaluated }) => [name, elementsOf(variables, evaluated)]),
    );
  }

  /** SHA-256 over the network's variables and their averages: equal weights, to the bit, have equal hashes. */
  weightsHash(): string {
    const variables = this.exportVariables();
    const hash = createHash('sha256');
    const names = this.#program.networkVariables.flatMap(({ name, evaluated }) =>
      name === evaluated ? [name] : [name, evaluated],
    );
    for (const name of names) {
      const { buffer, byteOffset, byteLength } = elementsOf(variables, name);
      hash.update(name).update(new Uint8Array(buffer, byteOffset, byteLength));
    }
    return hash.digest('hex');
  }

  /** Lets go of everything, so that another trainer can follow in the same process. */
  async close(): Promise<void> {
    this.#session.close();
    await this.#feed.close();
  }
}

interface TrainerParts {
  readonly length: TrainingLength;
  readonly feed: BatchFeed;
}

function elementsOf(variables: Readonly<Record<string, Elements>>, name: string): Elements {
  const elements = variables[name];
  if (elements === undefined) throw new Error(`The graph exports no variable ${name}`);
  return elements;
}
