import { z } from 'zod';

import { estimateSchema } from './search.ts';
import { seedsSchema } from './search-request.ts';
import { searchStates } from './states.ts';

/** What a person posts to see whether the best rows of a search still lead when they are scaled further. */
export const transferRequestSchema = z.strictObject({
  /** So many of the best rows are trained at phi. */
  rows: z.int().min(3).max(50).default(8),
  /** The points are alpha^phi, beta^phi and gamma^phi. */
  phi: z.number().min(-8).max(8).default(2),
  /** Where absent, those of the search: as many of them as half of its rows have been trained with, but two at least. */
  seeds: seedsSchema.optional(),
});
export type TransferRequest = z.infer<typeof transferRequestSchema>;
export type TransferRequestInput = z.input<typeof transferRequestSchema>;

/** How alike two rankings are: 1 for the same order, -1 for the reverse. */
export const rankAgreementSchema = z.object({
  /** Of the mean accuracies as measured. */
  measured: z.number(),
  /** Expected for the true means: measured ones differ from them by the luck of the seeds. Null where the spread is unknown. */
  expected: z.number().nullable(),
  /** Low and high bound of 95 % for the true means; null where the spread is unknown. */
  interval: z.array(z.number()).length(2).nullable(),
});
export type RankAgreement = z.infer<typeof rankAgreementSchema>;

const sideSchema = z.object({
  /** Among the rows of the transfer; equal means share the mean of their ranks. Null without a completed trial. */
  rank: z.number().nullable(),
  validationAccuracy: estimateSchema.nullable(),
  macsRatio: z.number(),
});

/** The rows of a search held against the same points at another phi. */
export const transferSchema = z.object({
  /** Of the search at phi. */
  searchId: z.string(),
  state: z.enum(searchStates),
  /** Of the search whose rows these are. */
  originId: z.string(),
  phi: z.number(),
  rows: z.array(
    z.object({
      alpha: z.number(),
      beta: z.number(),
      gamma: z.number(),
      label: z.string().optional(),
      /** At phi = 1. */
      origin: sideSchema,
      transferred: sideSchema,
    }),
  ),
  /** Spearman's rho, and Kendall's tau-b; null while fewer than three rows are ranked on both sides, or all are equal. */
  spearman: rankAgreementSchema.nullable(),
  kendall: rankAgreementSchema.nullable(),
});
export type Transfer = z.infer<typeof transferSchema>;
