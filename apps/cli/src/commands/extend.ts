import type { ExtensionRequestInput } from '@compound-search/contracts';
import type { Command } from 'commander';

import { printJson, say } from '../terminal.ts';
import { parseAxis, parseNumber, parseNumbers } from './arguments.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';
import { describeStarted, watchToTheEnd } from './search.ts';

interface ExtendOptions extends ServiceOptions {
  readonly name?: string;
  readonly seeds?: number[];
  readonly alpha?: ReturnType<typeof parseAxis>;
  readonly beta?: ReturnType<typeof parseAxis>;
  readonly gamma?: ReturnType<typeof parseAxis>;
  readonly epochs?: number;
  readonly watch?: boolean;
}

/** Going on from a search that has ended. */
export function addExtend(program: Command, context: CommandContext): void {
  program
    .command('extend')
    .description('starts a search that adds to one that has ended; equal trials are taken over')
    .argument('<search>', 'id of the search that has ended')
    .option('--name <text>', 'a name to find the new search by')
    .option('--seeds <numbers>', 'seeds beside those of the search', parseNumbers)
    .option('--alpha <axis>', 'depth, in place of the values that the search had', parseAxis)
    .option('--beta <axis>', 'width', parseAxis)
    .option('--gamma <axis>', 'resolution', parseAxis)
    .option('--epochs <count>', 'another length: all trials are trained from their start', parseNumber)
    .option('--watch', 'show the progress, then the leaderboard and the coefficients')
    .option('--json', 'raw numbers')
    .action(async (id: string, options: ExtendOptions, command: Command) => {
      const client = clientFor(context, command);
      const search = await client.extendSearch(id, extensionOf(options), {
        onReading: (sentence) => say(context.terminal, sentence),
      });
      if (options.watch === true) await watchToTheEnd(context, { client, search, json: options.json === true });
      else if (options.json === true) printJson(context.terminal, search);
      else describeStarted(context.terminal, search);
    });
}

/** Checked by the service, in whose words what is wrong with it is said. */
function extensionOf({ name, seeds, alpha, beta, gamma, epochs }: ExtendOptions): ExtensionRequestInput {
  const grid = {
    ...(alpha === undefined ? {} : { alpha }),
    ...(beta === undefined ? {} : { beta }),
    ...(gamma === undefined ? {} : { gamma }),
  };
  return {
    ...(name === undefined ? {} : { name }),
    ...(seeds === undefined ? {} : { seeds }),
    ...(Object.keys(grid).length === 0 ? {} : { grid }),
    ...(epochs === undefined ? {} : { epochs }),
  };
}
