import { z } from 'zod';

import { devices } from './search-request.ts';
import { storableText } from './storable-text.ts';
import { engineSchema, resumePointSchema, trialFailureSchema } from './trial.ts';

/**
 * How an attempt ended. `failed`: the trial ended with it; `lost`: its process died or fell silent, and the trial is tried
 * again; `released`: its worker gave it back unfinished, as it does when it shuts down; `taken_over`: the trial has the end
 * of an equal one.
 */
export const attemptOutcomes = [
  'completed',
  'paused',
  'failed',
  'lost',
  'released',
  'cancelled',
  'taken_over',
] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/** Characters of what a training child said last that are kept. */
export const lastWordsLength = 8192;
/** Warnings of an attempt that are kept: the first ones. */
export const mostWarnings = 20;
const warningLength = 1000;

/** What a training child was asked to do, as far as it decides how the attempt went. */
export const attemptParametersSchema = z.object({
  dataset: z.string(),
  /** As the search asks for it; what was really used is in the engine. */
  device: z.enum(devices),
  seed: z.int(),
  batchSize: z.int(),
  /** Of the whole training. */
  epochs: z.int(),
  steps: z.int(),
  /** Epochs after which it was to pause; null where it was to run to its end. */
  pauseAfter: z.int().nullable(),
  engine: engineSchema,
  resumedFrom: resumePointSchema.nullable().describe('The checkpoint that it went on from; null where it began anew.'),
});
export type AttemptParameters = z.infer<typeof attemptParametersSchema>;

/** What the holder of an attempt adds to its log when it ends. */
export interface AttemptWords {
  readonly warnings: readonly string[];
  readonly lastWords: string;
}

/** The same as it is kept: bounded, and as PostgreSQL can hold it. */
export function storableWords({ warnings, lastWords }: AttemptWords): AttemptWords {
  return {
    warnings: warnings.slice(0, mostWarnings).map((warning) => storableText(warning.slice(0, warningLength))),
    lastWords: storableText(lastWords.slice(-lastWordsLength)),
  };
}

/** An attempt at a trial, in its log. */
export const loggedAttemptSchema = z.object({
  attempt: z.int(),
  workerId: z.string(),
  host: z.string().nullable().describe('Where the worker ran; null where it has not told.'),
  beganAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable().describe('null while it runs.'),
  outcome: z.enum(attemptOutcomes).nullable().describe('null while it runs.'),
  failure: trialFailureSchema.nullable().describe('Why it failed or was lost.'),
  parameters: attemptParametersSchema.nullable().describe('null of one that had not begun to train.'),
  warnings: z.array(z.string()).describe('What its training warned of, the first 20.'),
  lastWords: z
    .string()
    .nullable()
    .describe(
      'The last 8192 characters that its process wrote to the standard output and error; null of one that runs, or whose worker has told nothing.',
    ),
});
export type LoggedAttempt = z.infer<typeof loggedAttemptSchema>;

/** All attempts at a trial, the first one first. */
export const trialLogSchema = z.object({ trialId: z.string(), attempts: z.array(loggedAttemptSchema) });
export type TrialLog = z.infer<typeof trialLogSchema>;
