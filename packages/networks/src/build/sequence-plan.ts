import { composeBlock, type StageDescription } from '../blocks/block-kinds.ts';
import { type SequenceCost, sequenceCost } from '../cost/sequence-cost.ts';
import type { Extent } from '../description/stage-schema.ts';
import type { ActivationFunction, FeatureShape } from '../layers/layer.ts';
import { type ConvolutionDefaults, LayerComposer, type SequenceLayer } from '../layers/layer-composer.ts';
import type { ScaledArchitecture } from './architecture.ts';
import { requireExtent, requirePadding, requireStride } from './extent-fault.ts';
import { layerText, sequenceText } from './fingerprint.ts';

/** Stem, block or head, on an input of known shape: its layers, what they cost and what they compute. */
export interface SequencePlan {
  readonly layers: readonly SequenceLayer[];
  readonly output: FeatureShape;
  readonly cost: SequenceCost;
  readonly text: string;
}

/** A plan and its path in the network, with which the names of its layers begin. */
export interface NetworkPart {
  readonly path: string;
  readonly plan: SequencePlan;
}

/** Grids ask for the same blocks over and over; beyond this many plans of one stage the oldest are forgotten. */
const plansKept = 2000;
const plansOf = new WeakMap<object, Map<string, SequencePlan>>();

function remember(owner: object, key: string, make: () => SequencePlan): SequencePlan {
  const plans = plansOf.get(owner) ?? new Map<string, SequencePlan>();
  plansOf.set(owner, plans);
  const known = plans.get(key);
  if (known !== undefined) return known;
  const plan = make();
  const oldest = plans.keys().next();
  if (plans.size >= plansKept && oldest.done !== true) plans.delete(oldest.value);
  plans.set(key, plan);
  return plan;
}

function makePlan(
  input: FeatureShape,
  defaults: ConvolutionDefaults,
  compose: (composer: LayerComposer) => void,
): SequencePlan {
  const composer = new LayerComposer(input, defaults);
  compose(composer);
  const { layers } = composer;
  return {
    layers,
    output: composer.shapeAt(composer.last),
    cost: sequenceCost(layers, input),
    text: sequenceText(layers),
  };
}

/**
 * The parts of a network in order: stem, blocks of every stage, head.
 *
 * @throws CompoundSearchError `NETWORK_INVALID` with the path of the fault where a part does not fit its input.
 */
export function planNetwork(architecture: ScaledArchitecture): NetworkPart[] {
  const { baseline, normalization } = architecture;
  const defaults: ConvolutionDefaults = { normalization, bias: baseline.convolutionBias ?? false };
  const defaultsKey = `${normalization.momentum}|${normalization.epsilon}|${defaults.bias}`;
  const context: PlanContext = { architecture, defaults, defaultsKey };
  const parts: NetworkPart[] = [{ path: 'stem', plan: planStem(context) }];
  let block = 0;
  const blocks = architecture.repeats.reduce((sum, count) => sum + count, 0);
  baseline.stages.forEach((stage, index) => {
    const count = architecture.repeats[index] ?? 0;
    for (let position = 0; position < count; position += 1) {
      const dropRate = (architecture.stochasticDepthRate * block) / blocks;
      const input = parts.at(-1)?.plan.output ?? architecture.input;
      const plan = planBlock(context, { stage, index, position, dropRate, input });
      parts.push({ path: `stage${index + 1}/block${position + 1}`, plan });
      block += 1;
    }
  });
  parts.push({ path: 'head', plan: planHead(context, parts.at(-1)?.plan.output ?? architecture.input) });
  return parts;
}

interface PlanContext {
  readonly architecture: ScaledArchitecture;
  readonly defaults: ConvolutionDefaults;
  readonly defaultsKey: string;
}

function shapeKey(shape: FeatureShape): string {
  return `${shape.spatial.join('x')}x${shape.channels}`;
}

function planStem({ architecture, defaults, defaultsKey }: PlanContext): SequencePlan {
  const { baseline, input } = architecture;
  const { stem } = baseline;
  const activation = stem.activation ?? baseline.activation;
  const key = `${shapeKey(input)}|${architecture.stem}|${activation}|${defaultsKey}`;
  return remember(stem, key, () => {
    requireExtent('stem.kernel', stem.kernel, input);
    requireStride('stem.stride', stem.stride, input);
    if (stem.padding !== undefined) requirePadding('stem.padding', stem, input);
    return makePlan(input, defaults, (composer) => {
      const { kernel, stride, padding } = stem;
      composer.convolution({ name: 'main', kernel, stride, padding, filters: architecture.stem, activation });
      if (stem.pooling !== undefined) addPooling(composer, stem.pooling);
    });
  });
}

function addPooling(composer: LayerComposer, pooling: { readonly kernel: Extent; readonly stride: Extent }): void {
  const map = composer.shapeAt(composer.last);
  const kernel = requireExtent('stem.pooling.kernel', pooling.kernel, map);
  const strides = requireStride('stem.pooling.stride', pooling.stride, map);
  composer.add('pooling', { kind: 'max-pooling', kernel, strides });
}

interface BlockAt {
  readonly stage: StageDescription;
  readonly index: number;
  readonly position: number;
  readonly dropRate: number;
  readonly input: FeatureShape;
}

function planBlock({ architecture, defaults, defaultsKey }: PlanContext, block: BlockAt): SequencePlan {
  const { stage, index, position, dropRate, input } = block;
  const channels = architecture.stages[index] ?? stage.channels;
  const activation: ActivationFunction = stage.activation ?? architecture.baseline.activation;
  const isFirst = position === 0;
  const key = `${shapeKey(input)}|${channels}|${isFirst}|${dropRate > 0}|${activation}|${defaultsKey}`;
  const plan = remember(stage, key, () => {
    const path = `stages.${index}`;
    const stride = isFirst ? stage.stride : 1;
    requireExtent(`${path}.kernel`, stage.kernel, input);
    requireStride(`${path}.stride`, stride, input);
    return makePlan(input, defaults, (composer) => {
      composeBlock(composer, stage, { path, channels, stride, activation, dropRate });
    });
  });
  return withDropRate(plan, dropRate);
}

/** Each block of a network has a rate of its own, on which neither shapes nor cost depend: one plan serves them all. */
function withDropRate(plan: SequencePlan, rate: number): SequencePlan {
  const index = plan.layers.findIndex(({ operation }) => operation.kind === 'stochastic-depth');
  const layer = plan.layers[index];
  if (layer === undefined) return plan;
  const dropped: SequenceLayer = { ...layer, operation: { kind: 'stochastic-depth', rate } };
  return {
    ...plan,
    layers: plan.layers.with(index, dropped),
    text: plan.text.replace(layerText(layer, index), layerText(dropped, index)),
  };
}

function planHead({ architecture, defaults, defaultsKey }: PlanContext, input: FeatureShape): SequencePlan {
  const { baseline, head, classes, dropoutRate } = architecture;
  const { activation } = baseline;
  const key = `${shapeKey(input)}|${head ?? ''}|${classes}|${dropoutRate}|${activation}|${defaultsKey}`;
  return remember(baseline, key, () =>
    makePlan(input, defaults, (composer) => {
      if (head !== undefined) composer.convolution({ name: 'features', kernel: 1, filters: head, activation });
      composer.add('pooling', { kind: 'global-average-pooling', keepSpatial: false });
      if (dropoutRate > 0) composer.add('dropout', { kind: 'dropout', rate: dropoutRate });
      composer.add('classifier', { kind: 'dense', units: classes, bias: true });
    }),
  );
}
