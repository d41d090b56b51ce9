import { z } from 'zod';

import { failureCodes } from './errors.ts';
import { trialStates } from './states.ts';
import { isStorableText } from './storable-text.ts';

const fraction = z.number().min(0).max(1);
const coefficient = z.number().positive().optional();
const text = z.string().max(200);
const saysNothing = z.unknown().optional();

/** The states of a trial that has come to nothing yet, or never will. */
const withoutResult = new Set<string>(trialStates.filter((state) => state !== 'completed' && state !== 'failed'));

/** A result as somebody tells it who has trained elsewhere. */
export interface ToldResult {
  readonly purpose: 'ranking' | 'test';
  readonly state?: string | undefined;
  readonly validationAccuracy?: number | null | undefined;
  readonly testAccuracy?: number | null | undefined;
  readonly failure?: string | null | undefined;
}

/** Whether a line says itself that its trial has no result: an export has such lines too. */
export function isWithoutResult({
  state,
  validationAccuracy,
  failure,
}: Pick<ToldResult, 'state' | 'validationAccuracy' | 'failure'>): boolean {
  return state !== undefined && withoutResult.has(state) && validationAccuracy == null && failure == null;
}

/** What a line must not say, by the field that is at fault. */
const contradictions: readonly {
  readonly field: keyof ToldResult;
  readonly message: string;
  readonly holds: (told: ToldResult) => boolean;
}[] = [
  {
    field: 'validationAccuracy',
    message: 'Give the accuracy, or in failure the code of what went wrong',
    holds: ({ validationAccuracy, failure }) => validationAccuracy == null && failure == null,
  },
  {
    field: 'failure',
    message: 'A trial that failed has no accuracy',
    holds: ({ validationAccuracy, failure }) => validationAccuracy != null && failure != null,
  },
  {
    field: 'failure',
    message: 'Say with which code it failed',
    holds: ({ state, failure }) => state === 'failed' && failure == null,
  },
  {
    field: 'testAccuracy',
    message: 'A test trial is for the accuracy on the test split',
    holds: ({ purpose, validationAccuracy, testAccuracy }) =>
      purpose === 'test' && validationAccuracy != null && testAccuracy == null,
  },
  {
    field: 'testAccuracy',
    message: 'Only the trials of the winner touch the test split, with the purpose test',
    holds: ({ purpose, testAccuracy }) => purpose === 'ranking' && testAccuracy != null,
  },
];

/** What a result contradicts itself in, or lacks, by the field that is at fault. */
export function contradictionsOf(told: ToldResult): { readonly field: keyof ToldResult; readonly message: string }[] {
  return contradictions.filter(({ holds }) => holds(told)).map(({ field, message }) => ({ field, message }));
}

function checkResult({ value, issues }: z.core.ParsePayload<ToldResult>): void {
  if (isWithoutResult(value)) return;
  for (const { field, message } of contradictionsOf(value)) {
    issues.push({ code: 'custom', path: [field], input: value[field], message });
  }
}

/**
 * A line of results to import, of one trial: which one by candidate (fingerprint, or the three coefficients of one of its
 * points) and seed, and what it came to. The other keys of an exported line may stand there, and say nothing.
 */
export const resultLineSchema = z
  .strictObject({
    purpose: z.enum(['ranking', 'test']).default('ranking'),
    fingerprint: text.optional(),
    alpha: coefficient,
    beta: coefficient,
    gamma: coefficient,
    seed: z.int(),
    /** Says of an exported line whether it has a result. */
    state: z.enum(trialStates).optional(),
    validationAccuracy: fraction.nullish(),
    /** Mean over images of the cross entropy, in nats. */
    validationLoss: z.number().min(0).nullish(),
    /** Of a test trial. */
    testAccuracy: fraction.nullish(),
    steps: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .nullish(),
    /** That the training took. */
    seconds: z.number().min(0).max(1e9).nullish(),
    /** In the place of an accuracy. */
    failure: z.enum(failureCodes).nullish(),
    /** Any text that is the same for the same weights. */
    weightsHash: text.refine(isStorableText, { message: 'It holds a character that cannot be stored' }).nullish(),
    trialId: saysNothing,
    macs: saysNothing,
    engine: saysNothing,
    datasetHash: saysNothing,
    takenOverFrom: saysNothing,
    origin: saysNothing,
  })
  .refine(
    ({ fingerprint, alpha, beta, gamma }) =>
      fingerprint !== undefined || [alpha, beta, gamma].every((value) => value !== undefined),
    { path: ['fingerprint'], message: 'Give the fingerprint of the candidate, or alpha, beta and gamma' },
  )
  .check(checkResult);
export type ResultLine = z.infer<typeof resultLineSchema>;

/** What to do with results of trials that the search has not assigned, at least not yet. */
export const unassignedPolicies = ['refuse', 'skip'] as const;
export type UnassignedPolicy = (typeof unassignedPolicies)[number];

/** What became of the lines of an import. */
export const importedResultsSchema = z.object({
  searchId: z.string(),
  /** Trials that have ended with these results. */
  imported: z.int(),
  /** Trials that had ended so before. */
  repeated: z.int(),
  /** Lines of trials that the search has not assigned (yet), left out because that was asked for. */
  unassigned: z.int(),
  /** Lines that say themselves that their trial has no result. */
  withoutResult: z.int(),
});
export type ImportedResults = z.infer<typeof importedResultsSchema>;
