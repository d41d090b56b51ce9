import type { Extent } from '../description/stage-schema.ts';
import type { ActivationFunction } from '../layers/layer.ts';
import type { LayerComposer } from '../layers/layer-composer.ts';

/** What a block takes from the scaled network around it. */
export interface BlockContext {
  /** Path of the stage in the description, for faults: `stages.2`. */
  readonly path: string;
  /** At the block's output, scaled. */
  readonly channels: number;
  /** The stage's stride in its first block, 1 in the others. */
  readonly stride: Extent;
  readonly activation: ActivationFunction;
  /** Of stochastic depth. */
  readonly dropRate: number;
}

/** What the package knows of a kind of block: how its channels scale, and its layers (which give its cost). */
export interface BlockKind<Stage> {
  /**
   * Channels must be a multiple of this, and are rounded after dividing by it: a bottleneck rounds its inner channels.
   * 1 if any number of channels will do.
   */
  readonly channelUnit: (stage: Stage) => number;
  /** Adds the block's layers; the last one added is its output. */
  readonly compose: (composer: LayerComposer, stage: Stage, context: BlockContext) => void;
}
