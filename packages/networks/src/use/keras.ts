import type { LibraryUse } from '@compound-search/contracts';

import { efficientnetB0 } from '../baselines/efficientnet-b0.ts';
import { efficientnetV2B0 } from '../baselines/efficientnet-v2-b0.ts';
import type { ScaledArchitecture } from '../build/architecture.ts';
import type { NetworkDescription } from '../description/description.ts';
import { available, unavailable } from './library-answer.ts';
import { fitMultipliers, type LibraryRounding, makeDivisible } from './library-rounding.ts';
import { sameBody } from './mobile-stages.ts';
import { call } from './python-code.ts';

/** A function of keras.applications that takes coefficients. Its stem, stages and head are those of the baseline. */
interface Builder {
  readonly module: string;
  readonly function: string;
  readonly baseline: NetworkDescription;
  readonly smallestShare: number;
  /** Keywords that are the same for every network. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Of batch normalization, where the function does not take it. */
  readonly momentum: number;
  readonly takesMomentum: boolean;
  readonly note: string;
}

const builders: readonly Builder[] = [
  {
    module: 'keras.src.applications.efficientnet',
    function: 'EfficientNet',
    baseline: efficientnetB0,
    smallestShare: 0.9,
    fixed: {},
    momentum: 0.99,
    takesMomentum: false,
    note: 'Keras divides pixels by 255 inside the network: give them from 0 to 255.',
  },
  {
    module: 'keras.src.applications.efficientnet_v2',
    function: 'EfficientNetV2',
    baseline: efficientnetV2B0,
    smallestShare: 0,
    fixed: { name: 'efficientnetv2-b0' },
    momentum: 0.9,
    takesMomentum: true,
    note: 'Keras normalizes pixels inside the network: give them from 0 to 255.',
  },
];

/** `obtain_input_shape` refuses less. */
const smallestSide = 32;

/** Keras: `width_coefficient`, `depth_coefficient` and the resolution. */
export function useWithKeras(architecture: ScaledArchitecture): LibraryUse {
  const { baseline, resolution, policy, multipliers } = architecture;
  const builder = builders.find((one) => sameBody(one.baseline, baseline));
  if (builder === undefined) {
    return unavailable('Keras', 'takes coefficients for the stages of EfficientNet-B0 and EfficientNetV2-B0 only');
  }
  if (resolution.some((side) => side < smallestSide)) {
    return unavailable('Keras', `builds EfficientNets for images of at least ${smallestSide} pixels`);
  }
  const rounding: LibraryRounding = {
    divisor: policy.channels.divisor,
    smallestShare: builder.smallestShare,
    repeats: 'ceil',
    fixesFirstAndLastStage: false,
    fixesStem: false,
  };
  const fit = fitMultipliers(baseline, multipliers, architecture, rounding);
  if (typeof fit === 'string') return unavailable('Keras', fit);
  const head = makeDivisible(headChannels(baseline) * fit.width, rounding);
  if (head !== architecture.head) {
    return unavailable('Keras', `scales the head to ${head} channels, where this network has others`);
  }
  return calling(builder, architecture, { ...fit, divisor: rounding.divisor });
}

function headChannels({ head }: NetworkDescription): number {
  return head?.channels ?? 0;
}

function calling(
  builder: Builder,
  architecture: ScaledArchitecture,
  { width, depth, divisor }: { readonly width: number; readonly depth: number; readonly divisor: number },
): LibraryUse {
  const { resolution, input, normalization, classes, dropoutRate, stochasticDepthRate } = architecture;
  const values = {
    width_coefficient: width,
    depth_coefficient: depth,
    default_size: resolution[0] ?? smallestSide,
    input_shape: [...resolution, input.channels],
    depth_divisor: divisor,
    ...(builder.takesMomentum ? { min_depth: divisor, bn_momentum: normalization.momentum } : {}),
    dropout_rate: dropoutRate,
    drop_connect_rate: stochasticDepthRate,
    classes,
    weights: null,
    ...builder.fixed,
  };
  const lines = [`from ${builder.module} import ${builder.function}`, '', `model = ${call(builder.function, values)}`];
  return available(values, lines, [builder.note, ...normalizationNotes(builder, normalization)]);
}

/** Of both functions. */
const epsilonThere = 1e-3;

function normalizationNotes(
  { takesMomentum, momentum: fixed }: Builder,
  { momentum, epsilon }: ScaledArchitecture['normalization'],
): string[] {
  const differs = [
    ...(takesMomentum || momentum === fixed ? [] : [`a momentum of ${fixed}, not ${momentum}`]),
    ...(epsilon === epsilonThere ? [] : [`an epsilon of ${epsilonThere}, not ${epsilon}`]),
  ];
  return differs.length === 0 ? [] : [`Keras normalizes batches with ${differs.join(', and with ')}.`];
}
