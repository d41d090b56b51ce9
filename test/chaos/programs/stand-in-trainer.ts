import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

import type { TrialSpecification } from '@compound-search/contracts';
import { randomStream } from '@compound-search/random';

import type { Evaluation, StepOutcome } from '../../../packages/training/src/trial/trainer.ts';
import type { SteppedTrainer } from '../../../packages/training/src/trial/training.ts';

const STEPS_PER_EPOCH = 4;
/** Three epochs of them make a training of about a second. */
const STEP_MILLISECONDS = 60;
/** Standard deviations of what a seed and of what a network adds are of one order, so that candidates must race. */
const NETWORK_SPREAD = 0.02;
const SEED_SPREAD = 0.02;

const idle = new Int32Array(new SharedArrayBuffer(4));

/**
 * Stands in for a network in training: each step hashes the weights on, and accuracies are drawn from that hash. So a
 * training that goes on from the wrong place, or trains what another should have, shows in everything that comes of it.
 */
export class StandInTrainer implements SteppedTrainer {
  readonly length;
  readonly #fingerprint: string;
  #weights = '';

  constructor({ fingerprint, recipe }: Pick<TrialSpecification, 'fingerprint' | 'recipe'>) {
    this.#fingerprint = fingerprint;
    this.length = { stepsPerEpoch: STEPS_PER_EPOCH, steps: STEPS_PER_EPOCH * recipe.epochs };
  }

  initialize(seed: number): void {
    this.#weights = hashOf(this.#fingerprint, String(seed));
  }

  announce(): void {
    // There are no images to be fetched ahead.
  }

  /** Blocks the thread, as a step of TensorFlow does, without a use for the processor. */
  step(indices: Int32Array, { step }: { readonly step: number }): StepOutcome {
    Atomics.wait(idle, 0, 0, STEP_MILLISECONDS);
    this.#weights = hashOf(this.#weights, `${step}:${indices.join()}`);
    return { loss: 1 / (step + 1), learningRate: 0.01, correct: indices.length };
  }

  async evaluate(indices: Int32Array, between: () => Promise<void>): Promise<Evaluation> {
    await between();
    const network = uniform(this.#fingerprint) * NETWORK_SPREAD;
    const accuracy = 0.9 + network + uniform(`${this.#weights}:${indices.length}`) * SEED_SPREAD;
    return { accuracy, loss: 1 - accuracy };
  }

  save(prefix: string): void {
    writeFileSync(`${prefix}.txt`, this.#weights);
  }

  restore(prefix: string): void {
    this.#weights = readFileSync(`${prefix}.txt`, 'utf8');
  }

  weightsHash(): string {
    return this.#weights;
  }
}

function hashOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

/** A number in [0, 1) that the text decides. */
function uniform(text: string): number {
  return randomStream(0, text).nextFloat();
}
