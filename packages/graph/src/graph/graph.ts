import { GraphError } from './graph-error.ts';
import { Operation, type OperationDefinition, type Tensor } from './operation.ts';

// Constants and handles do not depend on time; waiting would only keep TensorFlow from folding and sharing them.
const timeless: ReadonlySet<string> = new Set(['Const', 'VarHandleOp']);
const hostDevice = '/device:CPU:0';
const nodeName = /^[A-Za-z0-9.][A-Za-z0-9_.\-/]*$/;

/** A TensorFlow graph under construction: operations in the order in which they were added. */
export class Graph {
  readonly #operations: Operation[] = [];
  readonly #names = new Set<string>();
  readonly #nextSuffix = new Map<string, number>();
  readonly #memo = new Map<string, Tensor>();
  #scope = '';
  #device: string | undefined;
  #controlInputs: readonly Operation[] = [];
  #controlContext = 0;
  #controlContexts = 0;

  /** All operations; an operation stands behind those whose values it takes. */
  get operations(): readonly Operation[] {
    return this.#operations;
  }

  /** Number of the innermost {@link after} that is being built, 0 outside of any. */
  get controlContext(): number {
    return this.#controlContext;
  }

  /**
   * Adds an operation under a unique name in the current scope.
   * @throws GraphError where an input belongs to another graph or the name has characters that TensorFlow refuses.
   */
  add(definition: OperationDefinition): Operation {
    for (const input of definition.inputs ?? []) {
      if (input.graph !== this) {
        throw new GraphError(definition.type, `its input ${input.node.name} belongs to another graph`);
      }
    }
    const name = this.#uniqueName(this.#scope + (definition.name ?? definition.type));
    const placed = this.#device === undefined ? definition : { device: this.#device, ...definition };
    const operation = new Operation(this, name, this.#operations.length, placed);
    if (!timeless.has(definition.type)) for (const before of this.#controlInputs) operation.waitFor(before);
    this.#operations.push(operation);
    return operation;
  }

  /** Adds an operation that has one output, and returns that. */
  addTensor(definition: OperationDefinition): Tensor {
    return this.add(definition).output();
  }

  /** Puts the names of everything that `build` adds under `name/`. Scopes nest. */
  scope<T>(name: string, build: () => T): T {
    const outer = this.#scope;
    this.#scope = `${outer}${name}/`;
    try {
      return build();
    } finally {
      this.#scope = outer;
    }
  }

  /**
   * Makes everything that `build` adds, shared constants excepted, run on the processor, even where there is a GPU: for
   * the small integers that kernels of the GPU read from the host, which would otherwise be copied there and back.
   */
  onHost<T>(build: () => T): T {
    const outer = this.#device;
    this.#device = hostDevice;
    try {
      return build();
    } finally {
      this.#device = outer;
    }
  }

  /** Makes everything that `build` adds, constants and variables excepted, wait until the given operations have run. Nests. */
  after<T>(before: readonly (Operation | Tensor)[], build: () => T): T {
    const outer = { controlInputs: this.#controlInputs, context: this.#controlContext };
    const added = before.map((item) => (item instanceof Operation ? item : item.node));
    this.#controlInputs = [...new Set([...outer.controlInputs, ...added])];
    this.#controlContexts += 1;
    this.#controlContext = this.#controlContexts;
    try {
      return build();
    } finally {
      this.#controlInputs = outer.controlInputs;
      this.#controlContext = outer.context;
    }
  }

  /** Builds something outside of all scopes, devices and control dependencies, so that the whole graph can share it. */
  atRoot<T>(build: () => T): T {
    const outer = {
      ...{ scope: this.#scope, device: this.#device },
      ...{ controlInputs: this.#controlInputs, context: this.#controlContext },
    };
    this.#scope = '';
    this.#device = undefined;
    this.#controlInputs = [];
    this.#controlContext = 0;
    try {
      return build();
    } finally {
      this.#scope = outer.scope;
      this.#device = outer.device;
      this.#controlInputs = outer.controlInputs;
      this.#controlContext = outer.context;
    }
  }

  /** The tensor built for this key before, or a new one. */
  memoize(key: string, build: () => Tensor): Tensor {
    const known = this.#memo.get(key);
    if (known !== undefined) return known;
    const tensor = build();
    this.#memo.set(key, tensor);
    return tensor;
  }

  #uniqueName(wanted: string): string {
    if (!nodeName.test(wanted)) {
      throw new GraphError('Graph', `"${wanted}" is no node name; letters, digits and . _ - / are allowed`);
    }
    let name = wanted;
    let suffix = this.#nextSuffix.get(wanted) ?? 0;
    while (this.#names.has(name)) {
      suffix += 1;
      name = `${wanted}_${suffix}`;
    }
    this.#nextSuffix.set(wanted, suffix);
    this.#names.add(name);
    return name;
  }
}
