import type { ScaledArchitecture } from '../build/architecture.ts';
import { type NetworkPart, planNetwork } from '../build/sequence-plan.ts';
import type { NetworkDescription } from '../description/description.ts';
import { perAxis } from '../description/extent.ts';
import type { SequenceLayer } from '../layers/layer-composer.ts';
import { operationCost } from '../layers/operation.ts';
import { elements, paddedSpatial, stridedSpatial } from '../layers/operation-shape.ts';
import type { NetworkTotals } from './cost.ts';

/** What networks are compared by. */
export type NetworkCounts = Pick<NetworkTotals, 'parameters' | 'macs' | 'activations'>;

/** The counts of all networks of equal channels and resolution: a sum that is linear in their repeats. */
export interface CountsByRepeats {
  /** Of one block in every stage. */
  readonly least: NetworkCounts;
  /** Of every further block, by stage: all but the first have equal inputs and outputs. */
  readonly further: readonly NetworkCounts[];
}

/** Where a map becomes smaller: level i of a network lies between its window i and the next; the input is level 0. */
interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  /** Absent for SAME. */
  readonly padding: readonly number[] | undefined;
}

/** Counts as a linear function of how many positions the map has at each level. */
interface LevelCounts {
  readonly parameters: number;
  /** Of gates and of the classifier, which have one position. */
  readonly fixed: Omit<NetworkCounts, 'parameters'>;
  /** By level, of every position. */
  readonly macs: readonly number[];
  readonly activations: readonly number[];
}

/** The counts of all networks of equal channels, whatever their resolution and repeats. */
export interface CountsOfChannels {
  readonly windows: readonly Window[];
  readonly least: LevelCounts;
  readonly further: readonly LevelCounts[];
}

/**
 * Counts of an architecture's channels at any resolution and with any repeats, from planning two blocks a stage. Grids
 * compare millions of networks; each then costs a few multiplications instead of a plan.
 *
 * @throws CompoundSearchError `NETWORK_INVALID` as building the architecture does.
 */
export function countsOfChannels(architecture: ScaledArchitecture): CountsOfChannels {
  const repeats = architecture.repeats.map(() => 2);
  // Rates of stochastic depth change no count, and would make every block another plan.
  const parts = planNetwork({ ...architecture, repeats, stochasticDepthRate: 0 });
  const windows: Window[] = [];
  const least = new LevelSum();
  const further: LevelCounts[] = [];
  parts.forEach((part, index) => {
    const isFurther = index > 0 && index < parts.length - 1 && index % 2 === 0;
    if (!isFurther) least.addPart(part, windows, architecture.baseline);
    else further.push(new LevelSum().addPart(part, windows, architecture.baseline));
  });
  return { windows, least, further };
}

/** A layer's output has a map of some level, or one position. */
type Level = number | 'one position';

class LevelSum implements LevelCounts {
  parameters = 0;
  readonly fixed = { macs: 0, activations: 0 };
  readonly macs: number[] = [];
  readonly activations: number[] = [];

  /** Adds the layers of a part, and to `windows` what makes maps smaller in it. */
  addPart({ path, plan }: NetworkPart, windows: Window[], { stem }: NetworkDescription): this {
    const input = windows.length;
    const levels: Level[] = [input];
    for (const layer of plan.layers) {
      const before = levels[layer.inputs[0] ?? 0] ?? input;
      const isStem = path === 'stem' && layer.operation.kind === 'convolution';
      const axes = layer.outputShape.spatial.length;
      // A padding that is SAME for one resolution is none for another, so it is the description's that counts.
      const padding = isStem && stem.padding !== undefined ? perAxis(stem.padding, axes) : undefined;
      const window = windowOf(layer, padding);
      const level = levelOf(layer, before, window);
      if (window !== undefined && level === windows.length + 1) windows.push(window);
      levels.push(level);
      this.#add(layer, level);
    }
    return this;
  }

  #add(layer: SequenceLayer, level: Level): void {
    const shape = layer.outputShape;
    const input = layer.inputShapes[0] ?? shape;
    const { parameters, macs, activations } = operationCost(layer.operation, input, shape);
    this.parameters += parameters;
    if (level === 'one position') {
      this.fixed.macs += macs;
      this.fixed.activations += activations;
      return;
    }
    const positions = elements(shape) / shape.channels;
    this.macs[level] = (this.macs[level] ?? 0) + macs / positions;
    this.activations[level] = (this.activations[level] ?? 0) + activations / positions;
  }
}

/** What makes a layer's output smaller than its input; undefined where nothing does. */
function windowOf({ operation }: SequenceLayer, padding: readonly number[] | undefined): Window | undefined {
  if (!('strides' in operation)) return undefined;
  const { strides } = operation;
  const kernel = 'kernel' in operation ? operation.kernel : strides.map(() => 1);
  return padding === undefined && strides.every((stride) => stride === 1) ? undefined : { kernel, strides, padding };
}

function levelOf({ operation }: SequenceLayer, before: Level, window: Window | undefined): Level {
  if (before === 'one position' || operation.kind === 'global-average-pooling') return 'one position';
  return window === undefined ? before : before + 1;
}

/** Counts of these channels at an input with these sides. */
export function countsAtResolution(
  { windows, least, further }: CountsOfChannels,
  spatial: readonly number[],
): CountsByRepeats {
  const positions = positionsByLevel(windows, spatial);
  return {
    least: atPositions(least, positions),
    further: further.map((counts) => atPositions(counts, positions)),
  };
}

function positionsByLevel(windows: readonly Window[], spatial: readonly number[]): number[] {
  let sides = spatial;
  const positions = [elements({ spatial: sides, channels: 1 })];
  for (const { kernel, strides, padding } of windows) {
    sides = padding === undefined ? stridedSpatial(sides, strides) : paddedSpatial(sides, { kernel, strides, padding });
    positions.push(elements({ spatial: sides, channels: 1 }));
  }
  return positions;
}

function atPositions(counts: LevelCounts, positions: readonly number[]): NetworkCounts {
  let { macs, activations } = counts.fixed;
  counts.macs.forEach((perPosition, level) => (macs += perPosition * (positions[level] ?? 0)));
  counts.activations.forEach((perPosition, level) => (activations += perPosition * (positions[level] ?? 0)));
  return { parameters: counts.parameters, macs, activations };
}

/** The counts of the network with these repeats, each at least 1. */
export function countsWithRepeats({ least, further }: CountsByRepeats, repeats: readonly number[]): NetworkCounts {
  let { parameters, macs, activations } = least;
  for (const [stage, cost] of further.entries()) {
    const more = (repeats[stage] ?? 1) - 1;
    parameters += more * cost.parameters;
    macs += more * cost.macs;
    activations += more * cost.activations;
  }
  return { parameters, macs, activations };
}
