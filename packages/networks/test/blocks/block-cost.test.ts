import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  buildNetwork,
  type FeatureShape,
  networkCost,
  type NetworkDescription,
  scaleBaseline,
} from '../../src/index.ts';
import { randomDescription, randomMultipliers, randomStages } from '../random-description.ts';

type Stage = NetworkDescription['stages'][number];

/** Parameters and MACs of one block, written down from the papers' tables and not from the layers. */
interface BlockFormula {
  readonly parameters: number;
  readonly macs: number;
  readonly biases: number;
}

interface Geometry {
  /** Positions of the map before and after the block. */
  readonly positionsIn: number;
  readonly positionsOut: number;
  readonly input: number;
  readonly output: number;
  readonly unstrided: boolean;
  readonly bias: boolean;
}

/** A convolution with weights k * k * in * out (depthwise: k * k * out) and its batch normalization of 2 * out. */
function unit(
  weights: number,
  outputs: number,
  { positions, bias }: { positions: number; bias: boolean },
): BlockFormula {
  return {
    parameters: weights + 2 * outputs + (bias ? outputs : 0),
    macs: weights * positions,
    biases: bias ? outputs * positions : 0,
  };
}

function sum(parts: readonly BlockFormula[]): BlockFormula {
  return parts.reduce(
    (total, part) => ({
      parameters: total.parameters + part.parameters,
      macs: total.macs + part.macs,
      biases: total.biases + part.biases,
    }),
    { parameters: 0, macs: 0, biases: 0 },
  );
}

function projection(stage: Stage, { input, output, unstrided, positionsOut, bias }: Geometry): BlockFormula[] {
  const rule = 'shortcut' in stage ? stage.shortcut : undefined;
  const differs = input !== output || !unstrided;
  const projected = differs && (rule === 'projection' || (rule === 'where-unstrided' && unstrided));
  return projected ? [unit(input * output, output, { positions: positionsOut, bias })] : [];
}

function squeezeExcitation(ratio: number, input: number, expanded: number): BlockFormula {
  const squeezed = Math.max(1, Math.floor(input * ratio));
  const weights = 2 * squeezed * expanded;
  return { parameters: weights + squeezed + expanded, macs: weights, biases: squeezed + expanded };
}

function kernelArea(stage: Stage): number {
  return Number(stage.kernel) ** 2;
}

const formulas: Readonly<Record<Stage['block'], (stage: Stage, geometry: Geometry) => BlockFormula>> = {
  convolution: (stage, { input, output, positionsOut: positions, bias }) =>
    unit(kernelArea(stage) * input * output, output, { positions, bias }),
  'depthwise-separable': (stage, { input, output, positionsOut: positions, bias }) =>
    sum([
      unit(kernelArea(stage) * input, input, { positions, bias }),
      unit(input * output, output, { positions, bias }),
    ]),
  'inverted-residual': (stage, geometry) => {
    if (stage.block !== 'inverted-residual') throw new Error('wrong kind');
    const { input, output, positionsIn, positionsOut, bias } = geometry;
    const expanded = Math.floor(input * stage.expansion);
    const ratio = stage.squeezeExcitation;
    return sum([
      ...(stage.expansion === 1 && stage.keepsExpansion !== true
        ? []
        : [unit(input * expanded, expanded, { positions: positionsIn, bias })]),
      unit(kernelArea(stage) * expanded, expanded, { positions: positionsOut, bias }),
      ...(ratio === undefined ? [] : [squeezeExcitation(ratio, input, expanded)]),
      unit(expanded * output, output, { positions: positionsOut, bias }),
      ...projection(stage, geometry),
    ]);
  },
  'fused-inverted-residual': (stage, geometry) => {
    if (stage.block !== 'fused-inverted-residual') throw new Error('wrong kind');
    const { input, output, positionsOut: positions, bias } = geometry;
    const expanded = stage.expansion === 1 ? output : Math.floor(input * stage.expansion);
    return sum([
      unit(kernelArea(stage) * input * expanded, expanded, { positions, bias }),
      ...(stage.expansion === 1 ? [] : [unit(expanded * output, output, { positions, bias })]),
      ...projection(stage, geometry),
    ]);
  },
  'residual-bottleneck': (stage, geometry) => {
    if (stage.block !== 'residual-bottleneck') throw new Error('wrong kind');
    const { input, output, positionsIn, positionsOut, bias } = geometry;
    const inner = output / stage.reduction;
    const positionsFirst = stage.strideIn === 'reduction' ? positionsOut : positionsIn;
    return sum([
      unit(input * inner, inner, { positions: positionsFirst, bias }),
      unit(kernelArea(stage) * inner * inner, inner, { positions: positionsOut, bias }),
      unit(inner * output, output, { positions: positionsOut, bias }),
      ...projection(stage, geometry),
    ]);
  },
  'residual-basic': (stage, geometry) => {
    const { input, output, positionsOut: positions, bias } = geometry;
    return sum([
      unit(kernelArea(stage) * input * output, output, { positions, bias }),
      unit(kernelArea(stage) * output * output, output, { positions, bias }),
      ...projection(stage, geometry),
    ]);
  },
};

function positionsOf(shape: FeatureShape): number {
  return shape.spatial.reduce((product, size) => product * size, 1);
}

describe.each(Object.keys(randomStages) as Stage['block'][])('a block of kind %s', (kind) => {
  it('costs what its formula says, in 200 random scaled networks', () => {
    const stages: fc.Arbitrary<Stage> = randomStages[kind];
    fc.assert(
      fc.property(randomDescription(stages), randomMultipliers, (description, multipliers) => {
        const architecture = scaleBaseline(description, multipliers);
        const network = buildNetwork(architecture);
        const { perLayer } = networkCost(network);
        description.stages.forEach((stage, index) => {
          for (let block = 1; block <= (architecture.repeats[index] ?? 0); block += 1) {
            const prefix = `stage${index + 1}/block${block}/`;
            const layers = network.layers.filter((layer) => layer.name.startsWith(prefix));
            const input = layers[0]?.inputShapes[0] ?? network.input;
            const output = layers.at(-1)?.outputShape ?? network.input;
            const counted = perLayer.filter((layer) => layer.name.startsWith(prefix));
            const total = (key: 'parameters' | 'macs' | 'biasAdditions') =>
              counted.reduce((all, layer) => all + layer[key], 0);
            const expected = formulas[kind](stage, {
              positionsIn: positionsOf(input),
              positionsOut: positionsOf(output),
              input: input.channels,
              output: output.channels,
              unstrided: block > 1 || stage.stride === 1,
              bias: description.convolutionBias ?? false,
            });
            expect({
              parameters: total('parameters'),
              macs: total('macs'),
              biases: total('biasAdditions'),
            }).toEqual(expected);
            expect(output.channels).toBe(architecture.stages[index]);
          }
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('a depthwise convolution', () => {
  it('has one filter a channel (GaNDLF issue 1041: built without groups, B7 had 165 M parameters)', () => {
    fc.assert(
      fc.property(randomDescription(randomStages['inverted-residual']), (description) => {
        const { layers } = buildNetwork(scaleBaseline(description, { depth: 1, width: 1, resolution: 1 }));
        for (const layer of layers.filter(({ operation }) => operation.kind === 'depthwise-convolution')) {
          expect(layer.outputShape.channels).toBe(layer.inputShapes[0]?.channels);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('carries the stride of its block, never the projection (tensorflow/tpu 660)', () => {
    fc.assert(
      fc.property(randomDescription(randomStages['inverted-residual']), (description) => {
        const { layers } = buildNetwork(scaleBaseline(description, { depth: 1, width: 1, resolution: 1 }));
        const strides = (suffix: string) =>
          layers.flatMap(({ name, operation }) =>
            name.endsWith(suffix) && 'strides' in operation ? operation.strides : [],
          );
        expect(strides('/projection/convolution').every((stride) => stride === 1)).toBe(true);
        expect(strides('/expansion/convolution').every((stride) => stride === 1)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
