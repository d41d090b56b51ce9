import { CompoundSearchError } from '@compound-search/contracts';
import {
  type NetworkDescription,
  scaleBaseline,
  type ScaledArchitecture,
  type ScalingOptions,
} from '@compound-search/networks';
import { unscaled } from '@compound-search/scaling';

/** What turns coefficients into networks. */
export interface Scaling {
  readonly baseline: NetworkDescription;
  readonly scaling: ScalingOptions;
}

/** Values of one axis that round to the same sizes. */
export interface Level<Sizes> {
  readonly values: readonly number[];
  readonly sizes: Sizes;
}

/** An axis by what its values round to, in ascending order. */
export interface Levels<Sizes> {
  readonly levels: readonly Level<Sizes>[];
  /** Values that make the baseline larger than what can be costed. */
  readonly tooLarge: number;
}

/** The architecture at one coefficient of one axis, where depth, width and resolution scale apart from each other. */
function architectureAt(
  { baseline, scaling }: Scaling,
  axis: keyof typeof unscaled,
  value: number,
): ScaledArchitecture | undefined {
  try {
    return scaleBaseline(baseline, { ...unscaled, [axis]: value }, scaling);
  } catch (error) {
    if (error instanceof CompoundSearchError && error.code === 'NETWORK_INVALID') return undefined;
    throw error;
  }
}

function levelsOf<Sizes>(
  values: readonly number[],
  architectureOf: (value: number) => ScaledArchitecture | undefined,
  describe: (architecture: ScaledArchitecture) => { readonly key: readonly number[]; readonly sizes: Sizes },
): Levels<Sizes> {
  const levels = new Map<string, { values: number[]; sizes: Sizes }>();
  let tooLarge = 0;
  for (const value of values) {
    const architecture = architectureOf(value);
    if (architecture === undefined) {
      tooLarge += 1;
      continue;
    }
    const { key, sizes } = describe(architecture);
    const level = levels.get(key.join());
    if (level === undefined) levels.set(key.join(), { values: [value], sizes });
    else level.values.push(value);
  }
  return { levels: [...levels.values()], tooLarge };
}

/** Alphas by the repeats that they round to. */
export function depthLevels(alphas: readonly number[], scaling: Scaling): Levels<readonly number[]> {
  return levelsOf(
    alphas,
    (alpha) => architectureAt(scaling, 'depth', alpha),
    ({ repeats }) => ({ key: repeats, sizes: repeats }),
  );
}

/** Betas by the channels that they round to, each with an architecture that has these channels. */
export function widthLevels(betas: readonly number[], scaling: Scaling): Levels<ScaledArchitecture> {
  return levelsOf(
    betas,
    (beta) => architectureAt(scaling, 'width', beta),
    (architecture) => ({ key: architecture.channels, sizes: architecture }),
  );
}

/** Gammas by the sides of the input that they round to. */
export function resolutionLevels(gammas: readonly number[], scaling: Scaling): Levels<readonly number[]> {
  return levelsOf(
    gammas,
    (gamma) => architectureAt(scaling, 'resolution', gamma),
    ({ resolution }) => ({ key: resolution, sizes: resolution }),
  );
}
