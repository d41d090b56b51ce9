import { z } from 'zod';

import { baselineSchema } from './baseline.ts';
import { defaultIndifference, objectiveSchema } from './objective.ts';
import { recipeSchema } from './recipe.ts';
import {
  defaultSeeds,
  type StrategyKind,
  strategyKinds,
  strategySchema,
  type WrittenStrategy,
  writtenStrategySchema,
} from './strategy.ts';
import { trimmedText } from './trimmed-text.ts';

/** The values of an axis themselves, or a range that is expanded by index (1 to 2 by 0.05 is 21 values). */
const axisValuesSchema = z.union([
  z.array(z.number()).min(1).max(10_000),
  z.strictObject({ from: z.number(), to: z.number(), step: z.number() }),
]);
export type AxisValues = z.infer<typeof axisValuesSchema>;

/**
 * One axis of the grid: its values, or `solve`, by which its value follows from the constraint and the two others. One
 * axis of a grid may be solved.
 */
export const axisSchema = z.union([...axisValuesSchema.options, z.literal('solve')]);
export type Axis = z.infer<typeof axisSchema>;

export const gridSchema = z.strictObject({
  alpha: axisSchema,
  beta: axisSchema,
  gamma: axisSchema,
  /** The least coefficient, 1 as in the paper (equation 3). A lower one asks for networks that shrink. */
  minimum: z.number().positive().max(1).default(1),
});
/** A grid; without `minimum` it is 1. */
export type GridRequest = z.input<typeof gridSchema>;

const coefficient = z.number().positive().max(1000);

/** A point that is searched because it is listed; the label says in the leaderboard what it stands for. */
export const listedPointSchema = z.strictObject({
  alpha: coefficient,
  beta: coefficient,
  gamma: coefficient,
  label: trimmedText(100).optional(),
});
export type ListedPoint = z.infer<typeof listedPointSchema>;

/** Whose rows the points of a search are: those of a search, each coefficient to the power phi. */
export const transferOriginSchema = z.strictObject({ searchId: z.string().max(100), phi: z.number() });
export type TransferOrigin = z.infer<typeof transferOriginSchema>;

/**
 * What the constraint holds to the target: alpha^a * beta^b * gamma^c, or the exact cost of the network over that of the
 * unscaled baseline. Memory is what training holds at the recipe's batch size and with its optimizer.
 */
export const costMeasures = ['formula', 'macs', 'parameters', 'activations', 'memory'] as const;
export type CostMeasure = (typeof costMeasures)[number];

const limit = z.number().positive().max(1e21).optional();

/** The most that a network may cost: for one image, but for the memory of training; ratios are over the baseline. */
export const maximumCostSchema = z.strictObject({
  macs: limit,
  parameters: limit,
  activations: limit,
  /** Bytes that training holds, as the measure `memory`. */
  memoryBytes: limit,
  macsRatio: limit,
  parametersRatio: limit,
  activationsRatio: limit,
  memoryRatio: limit,
});
export type MaximumCost = z.infer<typeof maximumCostSchema>;

/**
 * |cost - target| <= tolerance, where cost is alpha^a * beta^b * gamma^c with exponents (a, b, c), or what `measure` says.
 * The default tolerance of 0.1 admits the paper's own answer, whose product is 1.92 (Tan & Le 2019, section 3.3).
 */
export const constraintSchema = z.strictObject({
  measure: z.enum(costMeasures).default('formula'),
  target: z.number().positive().max(1000).default(2),
  tolerance: z.number().nonnegative().max(1000).default(0.1),
  /** `relative`: a share of the target. */
  toleranceKind: z.enum(['absolute', 'relative']).default('absolute'),
  exponents: z
    .tuple([z.number().positive().max(10), z.number().positive().max(10), z.number().positive().max(10)])
    .default([1, 2, 2]),
  /**
   * Moves gamma within its step, halfway to its neighbours at most, to where the exact cost is nearest to the target.
   * Needs a measure that depends on the resolution: macs, activations or memory.
   */
  tuneResolution: z.boolean().default(false),
  maximum: maximumCostSchema.default({}),
});
export type Constraint = z.infer<typeof constraintSchema>;

/**
 * Which images train and which rank, class by class in proportion. Both come from the data set's training split, but for a
 * data set that brings its own validation split, which then is what ranks.
 */
export const splitSchema = z.strictObject({
  trainImages: z.int().min(1).max(10_000_000).default(6000),
  validationImages: z.int().min(1).max(10_000_000).default(2000),
  /** Decides which images; the same for all trials of a search, so that candidates are compared on the same data. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
});
export type Split = z.infer<typeof splitSchema>;

export const devices = ['cpu', 'gpu'] as const;
export type Device = (typeof devices)[number];

/** Who trains: the workers of the service, or somebody else, whose results are imported. */
export const trainingPlaces = ['workers', 'external'] as const;
export type TrainingPlace = (typeof trainingPlaces)[number];

const side = z.int().min(1).max(100_000);

/** What images are like that the service does not have. */
export const describedDataSchema = z.strictObject({
  height: side,
  width: side,
  channels: z.int().min(1).max(1000),
  classes: z.int().min(2).max(65_536),
});
export type DescribedData = z.infer<typeof describedDataSchema>;

function uniqueSeeds(seeds: readonly number[]): boolean {
  return new Set(seeds).size === seeds.length;
}

/** Trials of a higher priority start first. */
export const prioritySchema = z.int().min(-100).max(100);

/** Seeds in the order in which a candidate gets them. */
export const seedsSchema = z
  .array(
    z
      .int()
      .min(0)
      .max(2 ** 31 - 1),
  )
  .min(1)
  .max(100)
  .refine(uniqueSeeds, { message: 'A seed stands twice' })
  .meta({ uniqueItems: true });

interface Space {
  readonly grid?: unknown;
  readonly points?: unknown;
}

/** Asked of every request that is an object, also where other fields are at fault: all faults are told at once. */
const hasSpace = {
  check: ({ grid, points }: Space): boolean => grid !== undefined || points !== undefined,
  path: ['grid'],
  message: 'Give a grid, or a list of points',
  when: ({ value }: z.core.ParsePayload): boolean => typeof value === 'object' && value !== null,
};

/** Whether trials are trained up to a rung, and go on when a decision promotes them. */
function pausesTrials(strategy: WrittenStrategy | StrategyKind): boolean {
  if (typeof strategy === 'string') return strategy === 'halving';
  return strategy.kind === 'halving' || (strategy.kind === 'racing' && strategy.rungs !== undefined);
}

/** Trainings that the service does not run cannot be paused by it, and data that it does not have cannot be trained on. */
export function checkTrainings({
  value: { trainings, data, strategy },
  issues,
}: z.core.ParsePayload<{
  readonly trainings: TrainingPlace;
  readonly data?: unknown;
  readonly strategy?: WrittenStrategy | StrategyKind;
}>): void {
  const refuse = (path: readonly string[], input: unknown, message: string): void => {
    issues.push({ code: 'custom', path: [...path], input, message });
  };
  if (trainings === 'workers' && data !== undefined) {
    refuse(['data'], data, 'The service trains on data that it has; describe data with "trainings": "external" alone');
  }
  if (trainings === 'external' && strategy !== undefined && pausesTrials(strategy)) {
    refuse(['strategy'], strategy, 'Trainings elsewhere run to their end: use full, or racing without rungs');
  }
}

const external = { required: ['trainings'], properties: { trainings: { const: 'external' } } };
const pausing = {
  anyOf: [
    { const: 'halving' },
    { type: 'object', required: ['kind'], properties: { kind: { const: 'halving' } } },
    { type: 'object', required: ['rungs'] },
  ],
};

/** {@link checkTrainings} in JSON Schema. */
export const describedTrainings = [
  { anyOf: [{ not: { required: ['data'] } }, external] },
  {
    not: {
      ...external,
      required: ['trainings', 'strategy'],
      properties: { ...external.properties, strategy: pausing },
    },
  },
];

/** A budget of multiply-adds gives every network epochs of its own, which no rung can compare. */
const describedBudget = {
  not: { required: ['strategy', 'recipe'], properties: { strategy: pausing, recipe: { required: ['macsBudget'] } } },
};

/** What is searched is said in one way. */
function checkSpace({
  value: { grid, points, transferOf },
  issues,
}: z.core.ParsePayload<Space & { readonly transferOf?: unknown }>): void {
  const refuse = (path: string, input: unknown, message: string): void => {
    issues.push({ code: 'custom', path: [path], input, message });
  };
  if (grid !== undefined && points !== undefined) refuse('points', points, 'Give a grid or a list of points, not both');
  if (transferOf !== undefined && points === undefined) {
    refuse('transferOf', transferOf, 'Give the points that stand for the rows of that search');
  }
}

/** What is the same in a request as it is written and with its defaults filled in. */
export const searchSettings = {
  name: trimmedText(200).optional(),
  /** A name of GET /v1/baselines, or a network of one's own as GET /v1/schemas/network says. */
  baseline: baselineSchema,
  dataset: z.string().min(1).max(1000),
  /** A grid or a list of points, one of both. */
  grid: gridSchema.optional(),
  /**
   * These points, whatever they cost. Of the constraint only the maxima hold for them, and the target by which one of
   * several points speaks for a network.
   */
  points: z.array(listedPointSchema).min(1).max(10_000).optional(),
  /** Of a transfer, which the service makes of a finished search. */
  transferOf: transferOriginSchema.optional(),
  constraint: constraintSchema.prefault({}),
  /** What candidates are ranked by. */
  objective: objectiveSchema.default({ kind: 'accuracy' }),
  /** The winner is tested with so many of its seeds at most. */
  testSeeds: z.int().min(1).max(100).default(2),
  split: splitSchema.prefault({}),
  recipe: recipeSchema.prefault({}),
  device: z.enum(devices).default('cpu'),
  /**
   * Free slots go to the search of the highest priority first, and are shared among equals; one start in ten leaves
   * priorities out, so that every search goes on. It can be changed later.
   */
  priority: prioritySchema.default(0),
  /**
   * Whether ranking trials take over what equal ones of earlier searches have come to: the same network, data, split,
   * recipe, seed and engine give the same bits.
   */
  reuse: z.boolean().default(true),
  /**
   * `external`: nothing is given to workers; trials wait until their results are imported, ranking and test trials alike.
   * Decisions, ranking and answer are the same.
   */
  trainings: z.enum(trainingPlaces).default('workers'),
  /** Of external trainings on images that the service does not have: then `dataset` is only their name. */
  data: describedDataSchema.optional(),
};

const defaultSeedsByStrategy = strategyKinds
  .map((kind) => `1 to ${defaultSeeds({ kind }).length} for \`${kind}\``)
  .join(', ');

const writtenRequestSchema = z
  .strictObject({
    ...searchSettings,
    seeds: seedsSchema
      .optional()
      .describe(
        'With `full`, one trial for each candidate and seed; otherwise the most that a candidate may get. The default goes ' +
          `by the strategy: ${defaultSeedsByStrategy}.`,
      ),
    strategy: z
      .union([writtenStrategySchema, z.enum(strategyKinds)])
      .default('racing')
      .describe('How trials are shared out among the candidates. A name stands for that kind with all its defaults.'),
  })
  .refine(hasSpace.check, { path: hasSpace.path, message: hasSpace.message, when: hasSpace.when })
  .check(checkSpace)
  .check(checkTrainings)
  .meta({
    oneOf: [{ required: ['grid'] }, { required: ['points'] }],
    dependentRequired: { transferOf: ['points'] },
    allOf: [...describedTrainings, describedBudget],
  });

/** A request with every default filled in, as it is stored and shown. */
export const filledRequestSchema = z.strictObject({ ...searchSettings, seeds: seedsSchema, strategy: strategySchema });
export type SearchRequest = z.infer<typeof filledRequestSchema>;

/** A strategy that is only named has no field but its kind. */
function fieldsOf(
  written: WrittenStrategy | StrategyKind,
): WrittenStrategy | { kind: StrategyKind; indifference?: number } {
  return typeof written === 'string' ? { kind: written } : written;
}

/** What a person posts to start a search. What of it follows from other parts of it is filled in as it is read. */
export const searchRequestSchema = z.codec(writtenRequestSchema, filledRequestSchema, {
  decode: ({ strategy: written, seeds, ...settings }) => {
    const { indifference = defaultIndifference(settings.objective), ...given } = fieldsOf(written);
    const strategy = strategySchema.parse({ ...given, indifference });
    return { ...settings, strategy, seeds: seeds ?? defaultSeeds(strategy) };
  },
  // A request with everything filled in is one that a person may write; the types do not know that it is filled in.
  encode: (filled) => filled as z.output<typeof writtenRequestSchema>,
});
/** A request as a person writes it. */
export type SearchRequestInput = z.input<typeof searchRequestSchema>;

/** What may be changed of a search that has been posted. */
export const searchChangesSchema = z.strictObject({ priority: prioritySchema });
export type SearchChanges = z.infer<typeof searchChangesSchema>;
