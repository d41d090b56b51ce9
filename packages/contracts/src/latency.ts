import { z } from 'zod';

const milliseconds = z.number();

/**
 * How long inference on one image takes on one core: what table 4 of the paper has. It depends on the machine and on what
 * else runs there, so it is no part of anything that must repeat.
 */
export const latencySchema = z.object({
  median: milliseconds,
  /** A quarter of the runs took less than the lower, and a quarter more than the upper. */
  lowerQuartile: milliseconds,
  upperQuartile: milliseconds,
  minimum: milliseconds,
  /** Timed runs, after `warmUp` others. */
  runs: z.int(),
  warmUp: z.int(),
  /** Operating system, architecture and processor. */
  platform: z.string(),
  tensorflow: z.string(),
  /** Environment variables that decide which kernels run, as a shell takes them. */
  settings: z.string(),
});
export type Latency = z.infer<typeof latencySchema>;
