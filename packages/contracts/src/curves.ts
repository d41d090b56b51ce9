import { z } from 'zod';

import { searchTrialPurposes, trialStates } from './states.ts';

/**
 * How many points of a curve can be asked for: fewer could not hold the first, the last and the best epoch; the most are as
 * many as a recipe has epochs at most, so that every curve can be had as it is.
 */
export const curvePoints = { fewest: 3, most: 1000, default: 50 } as const;

/** The learning curve of a trial as columns of equal length, in the order of the epochs. */
export const curveSchema = z.object({
  trialId: z.string(),
  candidateId: z.string(),
  /** Of the candidate's network. */
  fingerprint: z.string(),
  purpose: z.enum(searchTrialPurposes),
  seed: z.int(),
  state: z.enum(trialStates),
  attempt: z.int(),
  /** How many have ended, of which the columns may have fewer. */
  epochs: z.int(),
  epoch: z.array(z.int()),
  trainLoss: z.array(z.number()),
  validationLoss: z.array(z.number()),
  validationAccuracy: z.array(z.number()),
});
export type Curve = z.infer<typeof curveSchema>;
