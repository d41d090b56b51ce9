import { latencySchema, trialFailureSchema } from '@compound-search/contracts';
import type { Network } from '@compound-search/networks';
import { z } from 'zod';

/** What the latency child is told. */
export const latencyCommandSchema = z.object({
  network: z.custom<Network>((value) => typeof value === 'object' && value !== null && 'layers' in value),
  runs: z.int().min(1),
  warmUp: z.int().min(0),
});
export type LatencyCommand = z.infer<typeof latencyCommandSchema>;

/** What it reports. */
export const latencyAnswerSchema = z.union([
  z.object({ latency: latencySchema }),
  z.object({ failure: trialFailureSchema }),
]);
export type LatencyAnswer = z.infer<typeof latencyAnswerSchema>;
