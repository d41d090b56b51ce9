import type { Attributes } from './attribute.ts';
import type { DType } from './dtype.ts';
import type { Graph } from './graph.ts';
import { GraphError } from './graph-error.ts';
import { type Operand, toTensor } from './operand.ts';
import type { Operation, OperationDefinition, Tensor } from './operation.ts';
import { checkShape, formatShape, sameShape, type Shape } from './shape.ts';

/** Name, type and shape of a variable. */
export interface VariableOptions {
  readonly name: string;
  /** @defaultValue float32 */
  readonly dtype?: DType;
  readonly shape: Shape;
}

/** An operation that changes a variable, and what it takes apart from the variable's handle. */
export interface VariableUpdate {
  readonly type: string;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
}

/**
 * A tensor that keeps its value between runs, shared by all signatures of a SavedModel.
 *
 * Within one run, `read()` outside of any {@link Graph.after} gives the value from before the run's updates, whatever
 * order they were built in; a read under `after([update])` gives the value that the update left.
 */
export class Variable {
  readonly graph: Graph;
  /** Unique in the graph; also the name under which TensorFlow shares the variable. */
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  /** The resource tensor that operations on the variable take. */
  readonly handle: Tensor;
  readonly #updates: Operation[] = [];
  #firstRead: Tensor | undefined;

  constructor(graph: Graph, options: VariableOptions) {
    this.graph = graph;
    this.dtype = options.dtype ?? 'float32';
    this.shape = checkShape('VarHandleOp', options.shape);
    this.handle = graph.addTensor({
      type: 'VarHandleOp',
      name: options.name,
      attributes: (name) => ({
        container: { string: '' },
        shared_name: { string: name },
        dtype: { type: this.dtype },
        shape: { shape: this.shape },
      }),
      outputs: [{ dtype: 'resource', shape: [] }],
    });
    this.name = this.handle.node.name;
  }

  /** The value: one operation for all reads in the same place, see above for what it sees. */
  read(): Tensor {
    const { graph } = this;
    if (graph.controlContext !== 0) {
      return graph.memoize(`read ${this.name} in ${graph.controlContext}`, () => this.#readOperation());
    }
    return (this.#firstRead ??= this.#readBeforeUpdates());
  }

  /** Gives the variable its first value; run it from the graph's initialisation, before anything reads the variable. */
  initialize(value: Operand): Operation {
    return this.graph.add(this.#definition('AssignVariableOp', value));
  }

  /** Replaces the value. */
  assign(value: Operand): Operation {
    return this.#addUpdate(this.#definition('AssignVariableOp', value));
  }

  /** Adds to the value. */
  assignAdd(value: Operand): Operation {
    return this.#addUpdate(this.#definition('AssignAddVariableOp', value));
  }

  /** Subtracts from the value. */
  assignSub(value: Operand): Operation {
    return this.#addUpdate(this.#definition('AssignSubVariableOp', value));
  }

  /** Adds an operation that changes the variable in place; it takes the handle as its first input. */
  update(update: VariableUpdate): Operation {
    return this.#addUpdate({ ...update, inputs: [this.handle, ...update.inputs] });
  }

  #definition(type: string, value: Operand): OperationDefinition {
    const tensor = this.#checked(type, toTensor(this.graph, value, this.dtype));
    return { type, inputs: [this.handle, tensor], attributes: { dtype: { type: this.dtype } } };
  }

  #addUpdate(definition: OperationDefinition): Operation {
    const operation = this.graph.add(definition);
    if (this.#firstRead !== undefined) operation.waitFor(this.#firstRead.node);
    this.#updates.push(operation);
    return operation;
  }

  #readBeforeUpdates(): Tensor {
    const value = this.graph.atRoot(() => this.#readOperation());
    for (const update of this.#updates) update.waitFor(value.node);
    return value;
  }

  #readOperation(): Tensor {
    return this.graph.addTensor({
      type: 'ReadVariableOp',
      name: `${this.name}/read`,
      inputs: [this.handle],
      attributes: { dtype: { type: this.dtype } },
      outputs: [{ dtype: this.dtype, shape: this.shape }],
    });
  }

  #checked(type: string, tensor: Tensor): Tensor {
    if (tensor.dtype !== this.dtype || !sameShape(tensor.shape, this.shape)) {
      const [own, given] = [this, tensor].map(({ dtype, shape }) => `${dtype}${formatShape(shape)}`);
      throw new GraphError(type, `variable ${this.name} is ${own ?? ''}, but the value is ${given ?? ''}`);
    }
    return tensor;
  }
}
