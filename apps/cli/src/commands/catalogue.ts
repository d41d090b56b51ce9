import type { Command } from 'commander';

import { print, printJson } from '../terminal.ts';
import { renderBaselines, renderDatasets } from '../views/catalogue-tables.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';

/** What a search can name. */
export const addCatalogue = (program: Command, context: CommandContext): void => {
  const { terminal } = context;
  program
    .command('baselines')
    .description('the networks that can be scaled')
    .option('--json', 'raw numbers')
    .action(async (options: ServiceOptions, command: Command) => {
      const baselines = await clientFor(context, command).baselines();
      if (options.json === true) printJson(terminal, baselines);
      else print(terminal, renderBaselines(baselines));
    });
  program
    .command('datasets')
    .description('the data that can be trained on')
    .option('--json', 'raw numbers')
    .action(async (options: ServiceOptions, command: Command) => {
      const datasets = await clientFor(context, command).datasets();
      if (options.json === true) printJson(terminal, datasets);
      else print(terminal, renderDatasets(datasets));
    });
};
