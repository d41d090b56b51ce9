import type { DType, Signature, Tensor } from '@compound-search/graph';

import type { TFJSBinding } from './addon.ts';

/** The elements of a tensor in row-major order; int32 and bool scalars are arrays of one element too. */
export type Elements = Float32Array | Int32Array | Uint8Array;

/** A tensor of a model by its name in TensorFlow. */
export interface NamedTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** What a session runs: a signature by the names of its tensors, which outlives the graph and can be stored. */
export interface RunnableSignature {
  readonly inputs: Readonly<Record<string, NamedTensor>>;
  readonly outputs: Readonly<Record<string, NamedTensor>>;
}

/** A signature of a graph as a session runs it. */
export function runnable({ inputs = {}, outputs }: Signature): RunnableSignature {
  return { inputs: named(inputs), outputs: named(outputs) };
}

function named(tensors: Readonly<Record<string, Tensor>>): Record<string, NamedTensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { node, index, dtype, shape }]) => [
      name,
      { name: `${node.name}:${index}`, dtype, shape },
    ]),
  );
}

/** The signatures of one loaded model; all of them share its variables. */
export class Session {
  readonly #addon: TFJSBinding;
  readonly #model: number;

  /** Loads a SavedModel from its directory, which is not needed afterwards. Its main op initializes the variables. */
  constructor(addon: TFJSBinding, directory: string) {
    this.#addon = addon;
    this.#model = addon.loadSavedModel(directory, 'serve');
  }

  /**
   * Runs a signature once, blocking this thread.
   * @throws Error where an input is missing, has the wrong number of elements, or TensorFlow fails.
   */
  run(
    signature: RunnableSignature,
    inputs: Readonly<Record<string, Elements | string>> = {},
  ): Record<string, Elements> {
    const fed = Object.entries(signature.inputs);
    const fetched = Object.entries(signature.outputs);
    const handles = fed.map(([name, tensor]) => this.#feed(name, tensor, inputs[name]));
    try {
      const results = this.#addon.runSavedModel(
        this.#model,
        handles,
        fed.map(([, { name }]) => name).join(','),
        fetched.map(([, { name }]) => name).join(','),
      );
      return Object.fromEntries(fetched.map(([name], index) => [name, this.#take(name, results[index]?.id)]));
    } finally {
      for (const handle of handles) this.#addon.deleteTensor(handle);
    }
  }

  close(): void {
    this.#addon.deleteSavedModel(this.#model);
  }

  #feed(name: string, { dtype, shape }: NamedTensor, elements: Elements | string | undefined): number {
    if (typeof elements === 'string') {
      return this.#addon.createTensor([], this.#addon.TF_STRING, [new TextEncoder().encode(elements)]);
    }
    const size = shape.reduce((product, side) => product * side, 1);
    if (elements?.length !== size) {
      throw new Error(`The input ${name} has ${size} elements, but ${elements?.length ?? 'none'} are given`);
    }
    return this.#addon.createTensor([...shape], this.#typeNumber(dtype), elements);
  }

  #take(name: string, handle: number | undefined): Elements {
    if (handle === undefined) throw new Error(`TensorFlow gave no output ${name}`);
    const elements = this.#addon.tensorDataSync(handle);
    this.#addon.deleteTensor(handle);
    return elements;
  }

  #typeNumber(dtype: DType): number {
    switch (dtype) {
      case 'float32':
        return this.#addon.TF_FLOAT;
      case 'int32':
        return this.#addon.TF_INT32;
      case 'uint8':
        return this.#addon.TF_UINT8;
      case 'bool':
        return this.#addon.TF_BOOL;
      default:
        throw new Error(`A tensor of type ${dtype} cannot be fed`);
    }
  }
}

/** The first element of an output. */
export function scalarOf(outputs: Readonly<Record<string, Elements>>, name: string): number {
  const value = outputs[name]?.[0];
  if (value === undefined) throw new Error(`There is no output ${name}`);
  return value;
}
