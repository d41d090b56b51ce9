import type { Attributes } from './attribute.ts';
import type { DType } from './dtype.ts';
import type { Graph } from './graph.ts';
import { GraphError } from './graph-error.ts';
import type { Shape } from './shape.ts';

/** One output of an operation: a value that the graph computes when it runs. */
export interface Tensor {
  readonly graph: Graph;
  /** The operation that computes it. */
  readonly node: Operation;
  /** Which of the operation's outputs it is. */
  readonly index: number;
  readonly dtype: DType;
  readonly shape: Shape;
  /**
   * Whether it is room that a kernel keeps for the kernel of its gradient. Nothing else may read it, and its real shape is
   * the kernel's own affair: oneDNN's kernels give others than TensorFlow's.
   */
  readonly isReserveSpace: boolean;
}

/** What an operation gives. */
export interface OutputDefinition {
  readonly dtype: DType;
  readonly shape: Shape;
  /** @defaultValue false */
  readonly isReserveSpace?: boolean;
}

/**
 * A function made of several operations that is differentiated as one: the operation that ends it carries this record,
 * and the backward pass goes from there to `inputs` by the rule registered under `type`.
 */
export interface Composite {
  readonly type: string;
  readonly inputs: readonly Tensor[];
  /** Values of the forward pass that the rule reads. */
  readonly saved: readonly Tensor[];
}

/** What an operation is made of. */
export interface OperationDefinition {
  /** TensorFlow's name of the operation, e.g. `MatMul`. */
  readonly type: string;
  readonly inputs?: readonly Tensor[];
  /** Attributes, or what makes them from the node's unique name. */
  readonly attributes?: Attributes | ((name: string) => Attributes);
  readonly outputs?: readonly OutputDefinition[];
  /** Last part of the node's name, made unique. Default: the type. */
  readonly name?: string;
  /** Where it must run. Default: where TensorFlow places it. */
  readonly device?: string;
  readonly composite?: Composite;
}

/** A node of the graph. Created by {@link Graph.add} only. */
export class Operation {
  readonly graph: Graph;
  readonly name: string;
  readonly type: string;
  /** Where it stands in the order of creation, which is a topological order of the data flow. */
  readonly position: number;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly outputs: readonly Tensor[];
  readonly composite: Composite | undefined;
  readonly device: string | undefined;
  readonly #controlInputs: Set<Operation>;

  constructor(graph: Graph, name: string, position: number, definition: OperationDefinition) {
    this.graph = graph;
    this.name = name;
    this.position = position;
    this.type = definition.type;
    this.inputs = definition.inputs ?? [];
    const { attributes = {} } = definition;
    this.attributes = typeof attributes === 'function' ? attributes(name) : attributes;
    this.composite = definition.composite;
    this.device = definition.device;
    this.outputs = (definition.outputs ?? []).map(({ dtype, shape, isReserveSpace = false }, index) => ({
      graph,
      node: this,
      index,
      dtype,
      shape,
      isReserveSpace,
    }));
    this.#controlInputs = new Set();
  }

  /** Operations that must have run before this one starts, apart from those it takes values from. */
  get controlInputs(): readonly Operation[] {
    return [...this.#controlInputs];
  }

  /** Makes this operation wait for another one. */
  waitFor(operation: Operation): void {
    if (operation.graph !== this.graph) throw new GraphError(this.type, `${operation.name} belongs to another graph`);
    this.#controlInputs.add(operation);
  }

  /** One of its inputs. */
  input(index: number): Tensor {
    const tensor = this.inputs[index];
    if (tensor === undefined) throw new GraphError(this.type, `${this.name} has no input ${index}`);
    return tensor;
  }

  /** One of its outputs. */
  output(index = 0): Tensor {
    const tensor = this.outputs[index];
    if (tensor === undefined) throw new GraphError(this.type, `${this.name} has no output ${index}`);
    return tensor;
  }
}
