import { z } from 'zod';

import { networkDocumentSchema } from './baseline.ts';
import { errorCatalogue, type ErrorCode } from './errors.ts';
import { recipeSchema } from './recipe.ts';
import { devices, splitSchema } from './search-request.ts';
import { trialPurposes, trialStates } from './states.ts';

const errorCodes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];
export const errorCodeSchema = z.enum(errorCodes);

/** What a network's repeats, channels and image sides are multiplied with, before rounding. */
export const multipliersSchema = z.object({
  depth: z.number().positive(),
  width: z.number().positive(),
  resolution: z.number().positive(),
});
export type Multipliers = z.infer<typeof multipliersSchema>;

/** Everything that decides a trial's result: the same again gives the same bits on one TensorFlow build and processor type. */
export const trialSpecificationSchema = z.object({
  trialId: z.string(),
  attempt: z.int(),
  purpose: z.enum(trialPurposes),
  /** The description itself, since a name may come to mean another network. */
  baseline: networkDocumentSchema,
  multipliers: multipliersSchema,
  /** Of the network that was planned; the trainer refuses to train another one. */
  fingerprint: z.string(),
  dataset: z.string(),
  /** SHA-256 of the data set's content; a trial that finds other content is refused. Null where it is not known. */
  datasetHash: z.string().nullable().optional(),
  split: splitSchema,
  recipe: recipeSchema,
  seed: z.int(),
  device: z.enum(devices),
  /**
   * Epochs after which the training pauses, where it has more; absent of one that runs to its end. It decides no bit: a
   * training that goes on later is the same as one that never paused.
   */
  epochs: z.int().min(1).optional(),
});
export type TrialSpecification = z.infer<typeof trialSpecificationSchema>;

/** What a trial ran on. Results of different engines may differ in the last bits. */
export const engineSchema = z.object({
  tensorflow: z.string(),
  /** `cpu`, or the name of the GPU that was really used. */
  device: z.string(),
  platform: z.string(),
  threads: z.int(),
  /** Environment variables that decide which kernels run, as a shell takes them; empty where none was recorded. */
  settings: z.string().default(''),
  /** Hash of our own sources that decide the bits of a training; empty where none was recorded. */
  program: z.string().default(''),
  /** SHA-256 of the data set's content. */
  datasetHash: z.string(),
  /** One hash over all that decides the bits beside the specification. */
  fingerprint: z.string(),
});
export type Engine = z.infer<typeof engineSchema>;

/** One point of a learning curve. Losses are means over images of the smoothed cross entropy in nats; accuracies are fractions. */
export const epochSchema = z.object({
  epoch: z.int().min(1),
  step: z.int(),
  learningRate: z.number(),
  trainLoss: z.number(),
  trainAccuracy: z.number(),
  validationLoss: z.number(),
  validationAccuracy: z.number(),
  /** Wall-clock seconds of this epoch, evaluation included. */
  seconds: z.number(),
});
export type Epoch = z.infer<typeof epochSchema>;

/** What a training came to. */
export const trainedResultSchema = z.object({
  validationAccuracy: z.number(),
  validationLoss: z.number(),
  /** Only of test and model trials. */
  testAccuracy: z.number().nullable(),
  steps: z.int(),
  imagesPerSecond: z.number(),
  /** SHA-256 over all trained variables: equal bits have equal hashes. */
  weightsHash: z.string(),
});
export type TrainedResult = z.infer<typeof trainedResultSchema>;

/** What a trial came to. What is null was not told of one that was trained elsewhere. */
export const trialResultSchema = trainedResultSchema.extend({
  validationLoss: z.number().nullable(),
  steps: z.int().nullable(),
  imagesPerSecond: z.number().nullable(),
  weightsHash: z.string().nullable(),
});
export type TrialResult = z.infer<typeof trialResultSchema>;

/** Why a trial failed. `step` is where it was seen that going on is no use. */
export const trialFailureSchema = z.object({
  code: errorCodeSchema,
  message: z.string(),
  step: z.int().nullable(),
});
export type TrialFailure = z.infer<typeof trialFailureSchema>;

/** What a worker sends to its training child. */
export const trainingCommandSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('train'), specification: trialSpecificationSchema }),
  z.object({ type: z.literal('cancel') }),
  /** To a child that is idle: there is no other trial for it. */
  z.object({ type: z.literal('end') }),
]);
export type TrainingCommand = z.infer<typeof trainingCommandSchema>;

/** Where a training went on: epochs that had ended, and steps that were done. */
export const resumePointSchema = z.object({ epoch: z.int(), step: z.int() });
export type ResumePoint = z.infer<typeof resumePointSchema>;

/** What a training child tells of a trial. `completed`, `paused`, `failed` and `cancelled` are the last event of one. */
export const trainingEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    engine: engineSchema,
    steps: z.int(),
    /** The checkpoint that it goes on from; null where it begins anew. */
    resumedFrom: resumePointSchema.nullable(),
  }),
  z.object({ type: z.literal('progress'), step: z.int(), loss: z.number() }),
  z.object({ type: z.literal('epoch'), epoch: epochSchema }),
  /** Something that costs the trial nothing but a convenience, for the worker's log. */
  z.object({ type: z.literal('warning'), message: z.string() }),
  z.object({
    type: z.literal('completed'),
    result: trainedResultSchema,
    /** The bytes of saved_model.pb; only of a model trial. */
    savedModel: z.custom<Uint8Array>((value) => value instanceof Uint8Array).optional(),
  }),
  /** It has trained the epochs that its specification asks for, and its checkpoint stands there. */
  z.object({ type: z.literal('paused'), epoch: z.int() }),
  z.object({ type: z.literal('failed'), failure: trialFailureSchema }),
  z.object({ type: z.literal('cancelled') }),
]);
export type TrainingEvent = z.infer<typeof trainingEventSchema>;

/** What a training child sends to its worker: the events of a trial, then that it has let go of all that the trial held. */
export const trainingMessageSchema = z.discriminatedUnion('type', [
  trainingEventSchema,
  /** `residentBytes` are those of the whole process, once it holds nothing of the trial any more. */
  z.object({ type: z.literal('idle'), residentBytes: z.int() }),
]);
export type TrainingMessage = z.infer<typeof trainingMessageSchema>;

/** What the queue carries: a hint that a trial may be claimed. The record is in the store. */
export const trialJobSchema = z.object({ trialId: z.string(), attempt: z.int() });
export type TrialJob = z.infer<typeof trialJobSchema>;

/**
 * Where the result of a trial is from, or will be: a training by a worker, an equal trial of an earlier search, or a
 * training elsewhere, whose result is imported.
 */
export const trialOrigins = ['trained', 'taken_over', 'imported'] as const;
export type TrialOrigin = (typeof trialOrigins)[number];

/** A trial as the API shows it, without its learning curve. */
export const trialViewSchema = z.object({
  id: z.string(),
  searchId: z.string(),
  candidateId: z.string(),
  purpose: z.enum(trialPurposes),
  seed: z.int(),
  state: z.enum(trialStates),
  /** Starts at 1; goes up when a trial is run again after its process was lost, or goes on after a pause. */
  attempt: z.int(),
  /** The decision that assigned what it trains now; null of test trials and others that no decision assigns. */
  round: z.int().nullable(),
  /** Epochs after which it pauses; null where it is trained to its end. */
  epochs: z.int().nullable(),
  multipliers: multipliersSchema,
  /** The trial that a rerun repeats; null for any other purpose. */
  rerunOf: z.string().nullable(),
  /** The equal trial whose end and learning curve this one has instead of a training of its own; null where it has none. */
  takenOverFrom: z.string().nullable(),
  origin: z.enum(trialOrigins),
  /** Steps done of the running or ended attempt, and steps in all (null before the first start). */
  step: z.int(),
  steps: z.int().nullable(),
  engine: engineSchema.nullable(),
  result: trialResultSchema.nullable(),
  failure: trialFailureSchema.nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});
export type TrialView = z.infer<typeof trialViewSchema>;

export const trialDetailSchema = trialViewSchema.extend({ learningCurve: z.array(epochSchema) });
export type TrialDetail = z.infer<typeof trialDetailSchema>;

/** A rerun held against the trial that it repeats. Seconds and images per second are not compared. */
export const trialComparisonSchema = z.object({
  trialId: z.string(),
  rerunId: z.string(),
  /** Of the rerun. */
  state: z.enum(trialStates),
  /** Whether every epoch and the weights are the same to the bit; null until the rerun has completed. */
  equal: z.boolean().nullable(),
  /** The first epoch whose numbers differ, as far as the rerun has come; null on a side that lacks the epoch. */
  firstDifference: z
    .object({ epoch: z.int(), recorded: epochSchema.nullable(), rerun: epochSchema.nullable() })
    .nullable(),
  weightsHash: z.object({ recorded: z.string().nullable(), rerun: z.string().nullable() }),
  engine: z.object({ recorded: engineSchema.nullable(), rerun: engineSchema.nullable() }),
  /** What differs between the engines, as `platform` or `datasetHash`: with the same of all of them the bits are the same. */
  engineDifferences: z.array(z.string()),
  failure: trialFailureSchema.nullable(),
});
export type TrialComparison = z.infer<typeof trialComparisonSchema>;
