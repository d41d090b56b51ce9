/** A training that a contestant gave to a candidate, by its place in the plan. */
export interface GivenTraining {
  readonly candidate: number;
  readonly seed: number;
  /** On the validation images. */
  readonly accuracy: number;
  /** How far it was trained, in epochs; a part of one is a fraction. */
  readonly epochs: number;
}

/** What a contestant did in one round. */
export interface Outcome {
  /** From the start of the program that is told to search until it has printed the answer and ended. */
  readonly wallSeconds: number;
  /** Of the processor, over all processes; null where they are not told. */
  readonly processorSeconds: number | null;
  readonly trainings: readonly GivenTraining[];
  /** Trainings that measure the winner on the test images and choose nothing. */
  readonly testTrainings: readonly GivenTraining[];
  /** The candidate that it names as the best. */
  readonly best: number;
  readonly description: string;
  /** What it says of its answer; null where it says nothing. */
  readonly claim: Claim | null;
}

/** How sure a contestant is of its answer. */
export interface Claim {
  readonly probabilityBest: number | null;
  /** That the answer is no more than `indifference` worse than the best, a fraction of accuracy. */
  readonly probabilityIndifferent: number | null;
  readonly indifference: number | null;
}

/** Someone who searches. */
export interface Contestant {
  readonly name: string;
  /** One search from the start; what has to run before, runs, and is not in its seconds. */
  readonly search: () => Promise<Outcome>;
}
