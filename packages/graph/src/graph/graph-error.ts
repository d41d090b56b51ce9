/** A graph that cannot be built: the message names the operation, the rule it breaks and the values that break it. */
export class GraphError extends Error {
  /** TensorFlow's name of the operation, e.g. `Conv2D`, or the builder's function where there is no such operation. */
  readonly operation: string;

  constructor(operation: string, problem: string) {
    super(`${operation}: ${problem}`);
    this.name = 'GraphError';
    this.operation = operation;
  }
}
