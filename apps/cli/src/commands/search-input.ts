import { CompoundSearchError, type SearchRequestInput, searchRequestSchema } from '@compound-search/contracts';
import type { Command } from 'commander';
import { z } from 'zod';

import { parseAxis, parseNamedNumbers, parseNumber, parseNumbers } from './arguments.ts';
import { checkedRequest } from './checked-request.ts';
import { given } from './given-fields.ts';
import { isFile, readJson } from './json-file.ts';
import { addObjectiveInput, type ObjectiveFlags, objectiveOf } from './objective-input.ts';
import { addStrategyInput, type StrategyFlags, strategyOf } from './strategy-input.ts';

/** Flags that say on what networks are trained and how; each stands for one field of a request, over that of the file. */
export interface SettingFlags {
  readonly name?: string;
  readonly baseline?: string;
  readonly dataset?: string;
  readonly seeds?: number[];
  readonly trainImages?: number;
  readonly validationImages?: number;
  readonly splitSeed?: number;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly device?: string;
  readonly priority?: number;
  /** False where trials are to be trained although equal ones have been. */
  readonly reuse?: boolean;
  readonly testSeeds?: number;
  /** True where trials are trained elsewhere, and their results imported. */
  readonly external?: boolean;
}

/** Flags that say what to search. */
export interface SearchFlags extends SettingFlags, StrategyFlags, ObjectiveFlags {
  readonly alpha?: ReturnType<typeof parseAxis>;
  readonly beta?: ReturnType<typeof parseAxis>;
  readonly gamma?: ReturnType<typeof parseAxis>;
  readonly minimum?: number;
  readonly measure?: string;
  readonly target?: number;
  readonly tolerance?: number;
  readonly relative?: boolean;
  readonly exponents?: number[];
  readonly tuneResolution?: boolean;
  readonly maximum?: Record<string, number>;
}

/** Gives a command the flags that say on what networks are trained and how. */
export function addSettingOptions(command: Command): Command {
  return command
    .option('--name <text>', 'a name to find the search by')
    .option('--baseline <name or file>', 'the network to scale: a name, or a description of your own as JSON')
    .option('--dataset <name>', 'the data to train on')
    .option('--seeds <numbers>', 'of trials, in their order (racing: 1 to 32; full: 1,2; halving: 1,2,3)', parseNumbers)
    .option('--train-images <count>', 'images to train on', parseNumber)
    .option('--validation-images <count>', 'images to rank by', parseNumber)
    .option('--split-seed <number>', 'decides which images', parseNumber)
    .option('--epochs <count>', 'length of a trial', parseNumber)
    .option('--batch-size <count>', 'images a step', parseNumber)
    .option('--learning-rate <rate>', 'peak learning rate', parseNumber)
    .option('--device <kind>', 'cpu or gpu')
    .option('--priority <number>', 'trials of a higher one start first, -100 to 100 (0)', parseNumber)
    .option('--no-reuse', 'train also what an earlier search has trained to the same bits')
    .option('--external', 'nothing is trained here: trials wait until their results are imported')
    .option('--test-seeds <count>', 'of how many seeds the winner is tested with at most (2)', parseNumber);
}

/** Gives a command the argument and the flags that say what to search. */
export function addSearchInput(command: Command): Command {
  addSettingOptions(command.argument('[file]', 'the request as JSON; - reads it from the standard input'))
    .option('--alpha <axis>', 'depth: values 1,1.1,1.2, a range from:to:step, or solve', parseAxis)
    .option('--beta <axis>', 'width: values or a range', parseAxis)
    .option('--gamma <axis>', 'resolution: values or a range', parseAxis)
    .option('--minimum <coefficient>', 'the least coefficient (1); a lower one shrinks the baseline', parseNumber)
    .option(
      '--measure <kind>',
      'what is held to the target: formula, macs, parameters, activations or memory (formula)',
    )
    .option(
      '--target <ratio>',
      'what alpha^a * beta^b * gamma^c, or the exact cost ratio, is to come to (2)',
      parseNumber,
    )
    .option('--tolerance <ratio>', 'how far it may be off (0.1)', parseNumber)
    .option('--relative', 'the tolerance is a share of the target')
    .option('--exponents <a,b,c>', 'the exponents (1,2,2)', parseNumbers)
    .option('--tune-resolution', 'move gamma within its step to where the exact cost is nearest to the target')
    .option(
      '--maximum <name=value,...>',
      'the most a network may cost, as macsRatio=2.2,memoryBytes=2e9',
      parseNamedNumbers,
    );
  return addObjectiveInput(addStrategyInput(command));
}

const objectSchema = z.record(z.string(), z.unknown());

/**
 * The request that a file and flags describe. What is wrong with its content is the service's to say, with the same words
 * as over HTTP, except where a program could not even send it.
 *
 * @throws CompoundSearchError MALFORMED_JSON or VALIDATION_FAILED.
 */
export function readSearchRequest(file: string | undefined, flags: SearchFlags): SearchRequestInput {
  const fromFile = file === undefined ? {} : readRequestFile(file);
  const request = {
    ...fromFile,
    ...settingOf(fromFile, flags),
    ...section(fromFile, 'grid', { alpha: flags.alpha, beta: flags.beta, gamma: flags.gamma, minimum: flags.minimum }),
    ...given({ objective: objectiveOf(fromFile['objective'], flags) }),
    ...given({ strategy: strategyOf(fromFile['strategy'], flags) }),
    ...section(fromFile, 'constraint', {
      measure: flags.measure,
      target: flags.target,
      tolerance: flags.tolerance,
      toleranceKind: flags.relative === true ? 'relative' : undefined,
      exponents: flags.exponents,
      tuneResolution: flags.tuneResolution,
      maximum: flags.maximum,
    }),
  };
  requireSearchRequest(request);
  return request;
}

/** The fields of a request that the flags of the setting change. */
export function settingOf(fromFile: Readonly<Record<string, unknown>>, flags: SettingFlags): Record<string, unknown> {
  return {
    ...given({ name: flags.name, baseline: baselineOf(flags), dataset: flags.dataset }),
    ...given({ seeds: flags.seeds, testSeeds: flags.testSeeds, device: flags.device, priority: flags.priority }),
    ...given({ reuse: flags.reuse === false ? false : undefined }),
    ...given({ trainings: flags.external === true ? 'external' : undefined }),
    ...section(fromFile, 'split', {
      trainImages: flags.trainImages,
      validationImages: flags.validationImages,
      seed: flags.splitSeed,
    }),
    ...section(fromFile, 'recipe', {
      epochs: flags.epochs,
      batchSize: flags.batchSize,
      learningRate: flags.learningRate,
    }),
  };
}

/** A file is sent as the description in it: the service checks it, and cannot read files of whoever asks. */
function baselineOf({ baseline }: SettingFlags): unknown {
  return baseline !== undefined && isFile(baseline) ? readJson(baseline) : baseline;
}

/** A part of a request as the file has it, with the flags over it; nothing where there are none. */
export function section(
  fromFile: Readonly<Record<string, unknown>>,
  name: string,
  flags: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const overrides = given(flags);
  if (Object.keys(overrides).length === 0) return {};
  const inFile = objectSchema.safeParse(fromFile[name]);
  return { [name]: { ...(inFile.success ? inFile.data : {}), ...overrides } };
}

/** @throws CompoundSearchError MALFORMED_JSON or VALIDATION_FAILED. */
export function readRequestFile(file: string): Record<string, unknown> {
  const parsed = objectSchema.safeParse(readJson(file));
  if (parsed.success) return parsed.data;
  throw new CompoundSearchError('VALIDATION_FAILED', `The file ${file} holds no JSON object`, {
    field: 'file',
    value: file,
    remedy: 'Write a request as in apps/cli/quickstart.json.',
  });
}

/** Sent as it is, so that the defaults are the service's own. */
function requireSearchRequest(request: unknown): asserts request is SearchRequestInput {
  checkedRequest(
    searchRequestSchema,
    request,
    'See `compound-search search --help`, or apps/cli/quickstart.json for a whole request.',
  );
}
