import { z } from 'zod';

import { objectiveSchema } from './objective.ts';
import { recipeSchema } from './recipe.ts';
import { constraintSchema, filledRequestSchema, splitSchema } from './search-request.ts';
import { searchStates } from './states.ts';
import { stopReasons, strategySchema } from './strategy.ts';
import { engineSchema, multipliersSchema } from './trial.ts';
import { networkUseSchema } from './use.ts';

/** A grid point that met the constraint, or one of a list. `product` is alpha^a * beta^b * gamma^c, the formula's estimate of the cost ratio. */
export const pointSchema = z.object({
  alpha: z.number(),
  beta: z.number(),
  gamma: z.number(),
  product: z.number(),
  /** What a point of a list stands for. */
  label: z.string().optional(),
});
export type Point = z.infer<typeof pointSchema>;

/** A scaled network with its exact cost. MACs are multiply-adds of convolutions and dense layers at batch 1. */
export const scaledNetworkSchema = z.object({
  multipliers: multipliersSchema,
  /** Pixels, [height, width]. */
  resolution: z.array(z.int()),
  repeats: z.array(z.int()),
  /** [stem, stages..., head]. */
  channels: z.array(z.int()),
  parameters: z.int(),
  macs: z.int(),
  /** Exact MACs over the baseline's. */
  macsRatio: z.number(),
  activations: z.int(),
});
export type ScaledNetwork = z.infer<typeof scaledNetworkSchema>;

/** A distinct network at phi = 1. */
export const candidateSchema = z.object({
  fingerprint: z.string(),
  ...scaledNetworkSchema.shape,
  /** The candidate's resolution exceeds the data's own: enlarging adds no information. */
  enlarges: z.boolean(),
  /** All grid points that round to this network; the first is the one nearest to the target. */
  points: z.array(pointSchema).min(1),
});
export type Candidate = z.infer<typeof candidateSchema>;

export const baselineCostSchema = z.object({
  parameters: z.int(),
  macs: z.int(),
  activations: z.int(),
  resolution: z.array(z.int()),
  /** Of the data set, as its networks have them; absent where a service has stored them that did not tell yet. */
  classes: z.int().optional(),
  inputChannels: z.int().optional(),
});
export type BaselineCost = z.infer<typeof baselineCostSchema>;

/** What a grid comes to before anything is trained. */
export const planSchema = z.object({
  /** Points of the whole grid. */
  points: z.number(),
  feasiblePoints: z.int(),
  baseline: baselineCostSchema,
  candidates: z.array(candidateSchema),
  /** Sentences that a person should read before starting: enlarged images and the like. */
  notes: z.array(z.string()),
});
export type Plan = z.infer<typeof planSchema>;

/** Why points of a grid are no candidates of their own, and how many. */
export const fellAwaySchema = z.object({
  /** Product or exact cost not within the tolerance of the target. */
  outsideConstraint: z.number(),
  /** The solved coefficient would be below `grid.minimum`. */
  belowMinimum: z.int(),
  /** Within the constraint but over one of its maxima. */
  overMaximum: z.int(),
  /** Larger than what can be costed. */
  unbuildable: z.number(),
  /** Made equal to another point when the resolution was tuned. */
  samePoint: z.int(),
  /** Feasible points that round to the network of another one, and share its trials. */
  sameNetwork: z.int(),
});
export type FellAway = z.infer<typeof fellAwaySchema>;

export const planWarningCodes = ['COSTS_DIFFER', 'PAPERS_POINT_LEFT_OUT', 'TOO_FEW_SEEDS', 'SLOTS_IDLE'] as const;

/** One of the notes of a plan, of a kind that a program can act on. */
export const planWarningSchema = z.object({ code: z.enum(planWarningCodes), message: z.string() });
export type PlanWarning = z.infer<typeof planWarningSchema>;

/** What a search would come to. */
export const searchPlanSchema = planSchema.extend({
  fellAway: fellAwaySchema,
  /** Of the ranking trials: all of them with the strategy `full`, and the most there can be with the others. */
  work: z.object({
    trials: z.int(),
    /** Multiply-adds of a forward pass at full resolution times the training images that pass. */
    macsTimesImages: z.number(),
    /** Whether the search may end with less, as one that decides on the way does. */
    atMost: z.boolean(),
  }),
  /** How long that work takes on workers as busy as those of the last trials; null where no trial has completed yet. */
  expected: z
    .object({
      seconds: z.number(),
      /** Of all workers together. */
      macsTimesImagesPerSecond: z.number(),
      /** Completed trials on the same kind of device that this was measured on. */
      trials: z.int(),
    })
    .nullable(),
  warnings: z.array(planWarningSchema),
});
export type SearchPlan = z.infer<typeof searchPlanSchema>;

/** A mean over seeds. The standard error is null where one seed alone gives none. */
export const estimateSchema = z.object({
  mean: z.number(),
  standardError: z.number().nullable(),
  seeds: z.int(),
});
export type Estimate = z.infer<typeof estimateSchema>;

export const trialCountsSchema = z.object({
  total: z.int(),
  queued: z.int(),
  running: z.int(),
  completed: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  /** Trained for the epochs that they were assigned, and not promoted, at least not yet. */
  paused: z.int(),
});
export type TrialCounts = z.infer<typeof trialCountsSchema>;

/** Low and high bound of 95 %. */
const intervalSchema = z.array(z.number()).length(2);

/** What is expected of a candidate over all seeds. */
const expectation = {
  mean: z.number(),
  /** The bounds between which it lies with a probability of 95 %. */
  interval: intervalSchema,
};

/**
 * What the validation accuracy of a candidate is expected to be over all seeds: the mean over the trained ones, moved
 * towards the other candidates by as much as chance has probably carried it away.
 */
export const expectedAccuracySchema = z.object(expectation);
export type ExpectedAccuracy = z.infer<typeof expectedAccuracySchema>;

/** The same of the validation loss, in nats, where candidates are ranked by it. */
export const expectedLossSchema = z.object(expectation);
export type ExpectedLoss = z.infer<typeof expectedLossSchema>;

/** How much better one candidate is than another, in units of what is ranked by. */
export const accuracyDifferenceSchema = z.object({
  /** Of what is expected of both; of the means over their trials where too few have completed to know more. */
  difference: z.number(),
  /** Standard deviation of what is known of the difference; null where too few trials have completed to know. */
  standardError: z.number().nullable(),
  /** The bounds between which the difference lies with a probability of 95 %; null where the standard error is. */
  interval: intervalSchema.nullable(),
});
export type AccuracyDifference = z.infer<typeof accuracyDifferenceSchema>;

/** Of the ranking trials of one candidate. */
export const rankingTrialCountsSchema = trialCountsSchema.extend({
  /**
   * The failed ones by whose fault it was. `training`: it diverged or learned nothing, which puts the candidate behind
   * all others. `infrastructure`: its process, data or device was lost; the candidate is ranked by what has completed.
   */
  failedBy: z.object({ training: z.int(), infrastructure: z.int() }),
});
export type RankingTrialCounts = z.infer<typeof rankingTrialCountsSchema>;

export const leaderboardRowSchema = candidateSchema.extend({
  candidateId: z.string(),
  /** 1 is best; null until a ranking trial of the candidate has completed. */
  rank: z.int().nullable(),
  validationAccuracy: estimateSchema.nullable(),
  /** Null where the spread over seeds is unknown, and where candidates are ranked by loss. */
  expectedAccuracy: expectedAccuracySchema.nullable(),
  /** In nats; null where candidates are ranked by something else. */
  validationLoss: estimateSchema.nullable(),
  expectedLoss: expectedLossSchema.nullable(),
  /** In the smallest set of candidates that holds the best with a probability of 95 %: cannot be told from it. */
  tied: z.boolean(),
  /** Probability that its true mean is the highest of all ranked candidates; null where the spread over seeds is unknown. */
  probabilityBest: z.number().nullable(),
  /** How much better the best is; null for the best itself and for rows without a rank. */
  behindBest: accuracyDifferenceSchema.nullable(),
  trials: rankingTrialCountsSchema,
  /** No other ranked row has at least its accuracy at no more MACs, and more of the one or less of the other. */
  paretoOptimal: z.boolean(),
  /**
   * Accuracy times (MACs over the baseline's)^w, where w is the exponent of the search's objective, else -0.07, by which
   * EfficientNet-B0 was searched; null without a rank.
   */
  reward: z.number().nullable(),
});
export type LeaderboardRow = z.infer<typeof leaderboardRowSchema>;

/** What completed trials ran on. Where there is more than one entry, results may differ in their last bits. */
export const engineUseSchema = z.object({ engine: engineSchema, trials: z.int() });

export const leaderboardSchema = z.object({
  searchId: z.string(),
  state: z.enum(searchStates),
  /** Of the search, as {@link searchViewSchema} has it. */
  revision: z.int(),
  baseline: baselineCostSchema,
  engines: z.array(engineUseSchema),
  rows: z.array(leaderboardRowSchema),
  /** The cursor of the next page; null on the last. */
  next: z.string().nullable(),
});
export type Leaderboard = z.infer<typeof leaderboardSchema>;

export const searchViewSchema = z.object({
  id: z.string(),
  state: z.enum(searchStates),
  /** Goes up with every change of the search or its trials. */
  revision: z.int(),
  request: filledRequestSchema,
  /** As it is now; the request has the one that the search was posted with. */
  priority: z.int(),
  points: z.number(),
  feasiblePoints: z.int(),
  candidates: z.int(),
  /** Of the last decision. */
  round: z.int(),
  /** Why a decision has ended the ranking; null while decisions are to come, and where the strategy needs none. */
  stop: z.enum(stopReasons).nullable(),
  /** Of the ranking trials. */
  trials: trialCountsSchema,
  testTrials: trialCountsSchema,
  /** Of the ranking trials, those that took over the end of an equal trial instead of training. */
  takenOverTrials: z.int(),
  /** Ranking and test trials that were trained elsewhere, and whose results were imported. */
  importedTrials: z.int(),
  /** The search that this one goes on from; null where it stands for itself. */
  extends: z.string().nullable(),
  progress: z.object({
    /**
     * 0 to 1, over the training steps of all ranking trials and of the test trials, also while those are still to come.
     * While decisions are to come, of the most that these may assign: a search that stops early jumps ahead.
     */
    fraction: z.number(),
    /** Estimated from the speed so far; null before the first step, and while decisions are to come. */
    secondsLeft: z.number().nullable(),
  }),
  notes: z.array(z.string()),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
});
export type SearchView = z.infer<typeof searchViewSchema>;

/**
 * One page of a list; `next` is the cursor of the next page, null on the last. `unreadable` names what another version of
 * the service has stored and this one cannot read: asking for one of them says why.
 */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable(),
    unreadable: z.array(z.string()).optional(),
  });
}

/** The baseline scaled with the coefficients to one phi, with its exact cost. */
export const scaledMemberSchema = z.object({ phi: z.number(), ...scaledNetworkSchema.shape });
export type ScaledMember = z.infer<typeof scaledMemberSchema>;

const range = z.array(z.number()).length(2);

/** From the lowest to the highest of several points, axis by axis. */
export const coefficientRangesSchema = z.object({ alpha: range, beta: range, gamma: range });
export type CoefficientRanges = z.infer<typeof coefficientRangesSchema>;

/** The answer of a search, with the evidence. */
export const coefficientsSchema = z.object({
  searchId: z.string(),
  state: z.enum(searchStates),
  alpha: z.number(),
  beta: z.number(),
  gamma: z.number(),
  product: z.number(),
  constraint: constraintSchema,
  /** All grid points that are the same network as the answer; the answer is the one nearest to the target. */
  equivalentPoints: z.array(pointSchema),
  network: candidateSchema.omit({ points: true, enlarges: true }),
  /** What candidates were ranked by. */
  objective: objectiveSchema.default({ kind: 'accuracy' }),
  validationAccuracy: estimateSchema,
  /** Null where the spread over seeds is unknown, and in answers of version 1. */
  expectedAccuracy: expectedAccuracySchema.nullable().default(null),
  /** In nats; null where candidates are ranked by something else. */
  validationLoss: estimateSchema.nullable().default(null),
  expectedLoss: expectedLossSchema.nullable().default(null),
  /** Measured once, after the winner was chosen, by repeating its trials; null where that failed. */
  testAccuracy: estimateSchema.nullable(),
  confidence: z.object({
    /** Probability that the winner has the highest true mean of all ranked candidates, given the spread over seeds; null where unknown. */
    probabilityBest: z.number().nullable(),
    /**
     * Probability that the winner's true mean is no further than `indifference` below the highest of all ranked candidates;
     * null where the spread over seeds is unknown, and in answers of version 1.
     */
    probabilityIndifferent: z.number().nullable().default(null),
    /** How much worse than the best a candidate may be to be as good: a fraction of accuracy, or nats of loss. */
    indifference: z.number().nullable().default(null),
    /** Candidates beside the winner in the smallest set that holds the best with a probability of 95 %. */
    tiedCandidates: z.int(),
    /** Over the winner and these; null in answers of a service that did not tell yet. */
    tiedCoefficients: coefficientRangesSchema.nullable().default(null),
    rankedCandidates: z.int(),
    failedTrials: z.int(),
    /** Trials that failed through no fault of their training or were cancelled: above 0 the answer is incomplete. */
    missingTrials: z.int(),
    /**
     * Whether every test trial repeated its ranking trial to the bit; null before, and where the hashes of the weights were
     * not told.
     */
    reproduced: z.boolean().nullable(),
  }),
  /** Name of the baseline. */
  baseline: z.string(),
  dataset: z.string(),
  split: splitSchema,
  recipe: recipeSchema,
  seeds: z.array(z.int()),
  /** How trials were shared out; null in answers of a service that did not tell yet. */
  strategy: strategySchema.nullable().default(null),
  engine: engineSchema.nullable(),
  engines: z.array(engineUseSchema),
  /** Ranking trials that took over the end of an equal trial of another search instead of training. */
  takenOverTrials: z.int().default(0),
  /** Ranking and test trials that were trained elsewhere, and whose results were imported. */
  importedTrials: z.int().default(0),
  /** How to build the winner's network with other libraries; null in answers of a service that did not tell yet. */
  use: networkUseSchema.nullable().default(null),
  /** The baseline scaled with the coefficients to phi = 0 to 7, or to what was asked for, as far as it can be built. */
  family: z.array(scaledMemberSchema).default([]),
  /** Of the rules by which the answer was computed: it stays as it was written when they change. */
  answerVersion: z.int(),
});
export type Coefficients = z.infer<typeof coefficientsSchema>;

export const baselineViewSchema = z.object({
  name: z.string(),
  description: z.string(),
  /** Pixels, [height, width]. */
  resolution: z.array(z.int()),
  parameters: z.int(),
  macs: z.int(),
  activations: z.int(),
  /** Registered by a person, not one of the built-in ones. */
  registered: z.boolean(),
});
export type BaselineView = z.infer<typeof baselineViewSchema>;

export const datasetViewSchema = z.object({
  name: z.string(),
  description: z.string(),
  image: z.object({ height: z.int(), width: z.int(), channels: z.int() }),
  classes: z.int(),
  trainingImages: z.int(),
  testImages: z.int(),
});
export type DatasetView = z.infer<typeof datasetViewSchema>;

/** RFC 9457 problem details, with the code of the catalogue. `errors` lists every fault where there are several. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  instance: z.string().optional(),
  field: z.string().optional(),
  value: z.unknown().optional(),
  remedy: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), detail: z.string(), value: z.unknown().optional() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
