import { z } from 'zod';

/** What candidates are ranked by. */
export const objectiveSchema = z.discriminatedUnion('kind', [
  /** Validation accuracy. */
  z.strictObject({ kind: z.literal('accuracy') }),
  /** Validation loss, the mean over images of the (smoothed) cross entropy in nats: less of it is better. */
  z.strictObject({ kind: z.literal('loss') }),
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

const indifferentAccuracy = 0.002;
/** Nats: the probability of the right class differs by 1 % then, in the geometric mean over images. */
const indifferentLoss = 0.01;

/** By how much a candidate may be worse and still counts as good as the best where a request does not say. */
export function defaultIndifference({ kind }: Pick<Objective, 'kind'>): number {
  return kind === 'loss' ? indifferentLoss : indifferentAccuracy;
}
