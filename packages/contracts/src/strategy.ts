import { z } from 'zod';

import { defaultIndifference } from './objective.ts';

/** Where a search may end early. What is spent is counted when a decision is made; trials under way still finish. */
export const budgetSchema = z.strictObject({
  /** Ranking trials, each counted once however far it was trained. */
  trials: z.int().min(1).max(1_000_000).optional(),
  /** Multiply-adds of a forward pass times the training images that pass, over all ranking trials. */
  macsTimesImages: z.number().positive().max(1e24).optional(),
  /** Minutes that the completed trainings took together, whichever machine ran them: the one budget that depends on speed. */
  trainingMinutes: z.number().positive().max(1e7).optional(),
});
export type Budget = z.infer<typeof budgetSchema>;

/**
 * By how much a candidate may be worse and still counts as good as the best, in units of what is ranked by: accuracy as a
 * fraction, or loss in nats.
 */
const indifferenceSchema = z.number().nonnegative().max(1);

/**
 * Trainings that one decision assigns. A decision is made while the batch before it is still being trained, so this many
 * slots are never idle for want of a decision. It is part of the request because the outcome depends on it, and must not
 * depend on how many slots there happen to be.
 */
const batch = z.int().min(1).max(10_000).default(4);

/** Rungs of epochs at which trainings are compared: `minimumEpochs` times powers of `reduction`, up to the recipe's epochs. */
export const rungsSchema = z.strictObject({
  minimumEpochs: z.int().min(1).max(1000).default(1),
  /** Of those that have reached a rung one in so many goes on to the next (eta of Li et al. 2018). */
  reduction: z.int().min(2).max(16).default(3),
});
export type Rungs = z.infer<typeof rungsSchema>;

function strategiesWith<T extends typeof indifferenceSchema | z.ZodOptional | z.ZodDefault>(indifference: T) {
  return z.discriminatedUnion('kind', [
    /** Every candidate with every seed. */
    z.strictObject({ kind: z.literal('full'), indifference }),
    /** Every candidate with its first seed, then seeds one at a time where they can change the answer. */
    z.strictObject({
      kind: z.literal('racing'),
      indifference,
      /** Probability at which the search ends: that the leader is the best, or lies within `indifference` of it. */
      confidence: z.number().min(0.5).max(0.9999).default(0.97),
      batch,
      /** With rungs, the first seed's trainings are compared early, and only the better ones train to their end and race. */
      rungs: rungsSchema.optional(),
      budget: budgetSchema.prefault({}),
    }),
    /** Successive halving over epochs with the first seed (Li et al. 2018). */
    z.strictObject({
      kind: z.literal('halving'),
      indifference,
      batch,
      rungs: rungsSchema.prefault({}),
      /** Candidates are dealt out in turn to so many brackets, each of which starts one rung higher than the one before. */
      brackets: z.int().min(1).max(8).default(1),
      budget: budgetSchema.prefault({}),
    }),
  ]);
}

/** How trainings are shared out among the candidates, as a person writes it: the indifference may follow from the objective. */
export const writtenStrategySchema = strategiesWith(
  indifferenceSchema
    .optional()
    .describe(
      'By how much a candidate may be worse and still counts as good as the best, in units of what is ranked by. The default ' +
        `is ${defaultIndifference({ kind: 'accuracy' })} as a fraction of accuracy, and ${defaultIndifference({ kind: 'loss' })} nats of a loss.`,
    ),
);

/** The same with every default filled in; without an indifference it is that of accuracies. */
export const strategySchema = strategiesWith(indifferenceSchema.default(defaultIndifference({ kind: 'accuracy' })));
export type WrittenStrategy = z.output<typeof writtenStrategySchema>;
export type Strategy = z.infer<typeof strategySchema>;
export const strategyKinds = ['racing', 'full', 'halving'] as const satisfies readonly Strategy['kind'][];
export type StrategyKind = Strategy['kind'];

/** The number of seeds of a request that names none. */
const defaultSeedCounts: Readonly<Record<StrategyKind, number>> = {
  // Near ties need them, and where the answer is clear they cost nothing (docs/strategies.md).
  racing: 32,
  // The fewest that show how far chance carries an accuracy.
  full: 2,
  // Every candidate is trained with the first; the others stand by for trainings that are lost.
  halving: 3,
};

/** The seeds of a request that names none, from 1 on. */
export function defaultSeeds({ kind }: Pick<Strategy, 'kind'>): number[] {
  return Array.from({ length: defaultSeedCounts[kind] }, (_, index) => index + 1);
}

/** With how many seeds a candidate is trained at most, but for trainings that were lost. */
export function mostSeeds({
  strategy,
  seeds,
}: {
  readonly strategy: Pick<Strategy, 'kind'>;
  readonly seeds: readonly number[];
}): number {
  return strategy.kind === 'halving' ? 1 : seeds.length;
}

/** A training that a decision asks for: of one candidate with one seed, up to an epoch. */
export const assignmentSchema = z.object({
  /** Of the candidate. */
  fingerprint: z.string(),
  seed: z.int(),
  /** Epochs after which the training pauses; null for one that runs to the end of its recipe. */
  epochs: z.int().min(1).nullable(),
});
export type Assignment = z.infer<typeof assignmentSchema>;

/** Why a search assigns nothing more: the leader is the best, or as good as it; what may be spent is spent; all is done. */
export const stopReasons = ['confidence', 'indifference', 'budget', 'exhausted'] as const;
export type StopReason = (typeof stopReasons)[number];

/**
 * What was decided in one round of a search. Round r knows the results of rounds up to r - 2, and what round r - 1 has
 * assigned: so the next decision is ready before the batch under way has ended, and depends on results alone. A decision
 * that neither assigns nor stops waits for what is under way; the next one is then made from all results.
 */
export const decisionSchema = z.object({
  round: z.int().min(1),
  assignments: z.array(assignmentSchema),
  /** Candidates that get nothing more, with the reason as a sentence. */
  drops: z.array(
    z.object({
      fingerprint: z.string(),
      /** Epochs of the rung at which it was dropped; null for one that was on its way to the end or never trained. */
      epochs: z.int().nullable(),
      reason: z.string(),
    }),
  ),
  /** Why nothing more is assigned; null while the search goes on. */
  stop: z.enum(stopReasons).nullable(),
  /** What the decision was based on. Null where the results do not say. */
  evidence: z.object({
    leader: z.string().nullable(),
    /** That the leader has the highest true mean of all candidates. */
    probabilityBest: z.number().nullable(),
    /** That its true mean is within `indifference` of the highest. */
    probabilityIndifferent: z.number().nullable(),
  }),
});
export type Decision = z.infer<typeof decisionSchema>;

/** A decision as the API shows it. */
export const decisionViewSchema = decisionSchema.extend({ decidedAt: z.string() });
export type DecisionView = z.infer<typeof decisionViewSchema>;
