import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { CompoundSearchError, type ModelMetadata } from '@compound-search/contracts';
import type { Command } from 'commander';

import { formatCount, formatPercent, formatResolution } from '../formatting/numbers.ts';
import { watchTrial } from '../progress/watch-trial.ts';
import { print, printJson, say } from '../terminal.ts';
import { integerBetween, parseNumber } from './arguments.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';

interface ModelOptions extends ServiceOptions {
  readonly candidate?: string;
  readonly phi?: number;
  readonly seed?: number;
  readonly output: string;
}

/** Taking a trained network away. */
export function addModel(program: Command, context: CommandContext): void {
  program
    .command('model')
    .description('trains the winner as a model, tests it and saves it as a SavedModel')
    .argument('<search>', 'id of the search')
    .option('--candidate <candidate>', 'id of another candidate than the winner')
    .option('--phi <number>', 'scale its coefficients to this phi; 1 is the candidate itself', parseNumber)
    .option('--seed <number>', 'another seed than the first of the search', integerBetween(0, 2 ** 31 - 1))
    .requiredOption('--output <folder>', 'where saved_model.pb and metadata.json go')
    .option('--json', 'raw numbers')
    .action(async (id: string, options: ModelOptions, command: Command) => {
      const metadata = await trainModel(id, options, { context, command });
      if (options.json === true) printJson(context.terminal, metadata);
      else print(context.terminal, summary(metadata, options.output));
    });
}

async function trainModel(
  searchId: string,
  { candidate, phi, seed, output, json }: ModelOptions,
  { context, command }: { readonly context: CommandContext; readonly command: Command },
): Promise<ModelMetadata> {
  const client = clientFor(context, command);
  // Before minutes of training, which a folder that cannot be written would make vain.
  createFolder(output);
  const { id } = await client.createModel(searchId, {
    ...(candidate === undefined ? {} : { candidateId: candidate }),
    ...(phi === undefined ? {} : { phi }),
    ...(seed === undefined ? {} : { seed }),
  });
  if (json !== true) say(context.terminal, `Model ${id}`);
  await watchTrial(client, id, context);
  const { metadata } = await client.model(id);
  if (metadata === null) throw new CompoundSearchError('INTERNAL', `The model ${id} has completed without metadata`);
  writeWhole(path.join(output, 'saved_model.pb'), await client.savedModel(id));
  writeWhole(path.join(output, 'metadata.json'), `${JSON.stringify(metadata, null, 2)}\n`);
  return metadata;
}

function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CompoundSearchError('VALIDATION_FAILED', `The folder ${folder} cannot be made: ${reason}`, {
      field: '--output',
      value: folder,
      remedy: 'Name a folder, or a place where one can be made.',
      cause,
    });
  }
}

/** Under another name first, so that whoever reads the folder never meets half a file. */
function writeWhole(file: string, content: Uint8Array | string): void {
  const temporary = `${file}.${randomUUID()}`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function summary(metadata: ModelMetadata, folder: string): string {
  const { parameters, macs, resolution, testAccuracy, validationAccuracy } = metadata;
  return [
    `test accuracy ${formatPercent(testAccuracy)}, validation accuracy ${formatPercent(validationAccuracy)}`,
    `${formatCount(parameters)} parameters, ${formatCount(macs)} MACs, resolution ${formatResolution(resolution)}`,
    `saved in ${folder}`,
  ].join('\n');
}
