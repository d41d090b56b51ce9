import { z } from 'zod';

/** What candidates are ranked by; more of it is better. */
export const objectiveSchema = z.discriminatedUnion('kind', [
  /** Validation accuracy. */
  z.strictObject({ kind: z.literal('accuracy') }),
  /**
   * Validation accuracy times (MACs / target)^exponent, the reward of MnasNet and EfficientNet-B0. The target is the
   * geometric mean of the candidates' MACs, which no order depends on.
   */
  z.strictObject({
    kind: z.literal('reward'),
    /** -0.07, the paper's: doubling the cost must buy 5 % more accuracy, in proportion. */
    exponent: z.number().min(-10).max(0).default(-0.07),
  }),
]);
export type Objective = z.infer<typeof objectiveSchema>;
