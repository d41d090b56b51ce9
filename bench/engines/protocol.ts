/** What the benchmark and an engine process say to each other, one JSON object a line. */
import { z } from 'zod';

const lossesSchema = z.array(
  z
    .number()
    .nullable()
    .transform((loss) => loss ?? NaN),
);

/** To the engine: train so many steps. */
export const commandSchema = z.object({ steps: z.int().min(1) });
export type Command = z.infer<typeof commandSchema>;

/** From the engine, once: it is set up and warm. `losses` are those of all steps so far. */
export const readySchema = z.object({
  kind: z.literal('ready'),
  description: z.string(),
  parameters: z.int(),
  losses: lossesSchema,
  /** What the last of these steps took, from which the length of a turn follows. */
  secondsPerStep: z.number(),
});
export type Ready = z.infer<typeof readySchema>;

/** From the engine, after every command. Processor seconds are summed over its threads. */
export const ranSchema = z.object({
  kind: z.literal('ran'),
  seconds: z.number(),
  processorSeconds: z.number(),
  losses: lossesSchema,
});
export type Ran = z.infer<typeof ranSchema>;
