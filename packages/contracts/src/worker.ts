import { z } from 'zod';

import { devices } from './search-request.ts';
import { trialPurposes } from './states.ts';
import { engineSchema } from './trial.ts';

/**
 * How a worker stands: `active` takes trials; `draining` takes none since somebody has asked for that, and finishes those
 * that it has; `unfit` takes none since it cannot train what is stored, for the reason that it names; `lost` has not been
 * heard of for so long that its trials have gone to others.
 */
export const workerStates = ['active', 'draining', 'unfit', 'lost'] as const;
export type WorkerState = (typeof workerStates)[number];

/** What a worker tells of itself once it is there. */
const workerDescriptionSchema = z.object({
  id: z.uuid(),
  host: z.string(),
  /** Its process on that host. */
  pid: z.int(),
  /** Of the program. */
  version: z.string(),
  processor: z.string().describe('Operating system, architecture and model of the processor.'),
  device: z.enum(devices).describe('gpu where its slots have GPUs, or its last training ran on one.'),
  slots: z.int().describe('Trials that run at once at most.'),
});
export type WorkerDescription = z.infer<typeof workerDescriptionSchema>;

/** A worker as the API shows it. */
export const workerViewSchema = workerDescriptionSchema.extend({
  state: z.enum(workerStates),
  draining: z.boolean().describe('Whether it has been asked to take no trials, whatever its state.'),
  unfit: z.string().nullable().describe('Why it cannot take trials; null where it can.'),
  engine: engineSchema.nullable().describe('What its last training ran on; null before the first one.'),
  trials: z
    .array(
      z.object({
        trialId: z.string(),
        searchId: z.string(),
        purpose: z.enum(trialPurposes),
        attempt: z.int(),
        step: z.int(),
        steps: z.int().nullable(),
      }),
    )
    .describe('Those that it trains.'),
  startedAt: z.iso.datetime(),
  seenAt: z.iso.datetime(),
  silentSeconds: z.number().describe('Since it was seen, by the clock of the database.'),
});
export type WorkerView = z.infer<typeof workerViewSchema>;
