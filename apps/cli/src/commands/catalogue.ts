import type { Command } from 'commander';

import { print, printJson } from '../terminal.ts';
import { renderBaselines, renderDatasets } from '../views/catalogue-tables.ts';
import { readNetwork } from './baseline-argument.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';

/** What a search can name. */
export function addCatalogue(program: Command, context: CommandContext): void {
  const { terminal } = context;
  const baselines = program
    .command('baselines')
    .description('the networks that can be scaled')
    .option('--json', 'raw numbers')
    .action(async (options: ServiceOptions, command: Command) => {
      const list = await clientFor(context, command).baselines();
      if (options.json === true) printJson(terminal, list);
      else print(terminal, renderBaselines(list));
    });
  baselines
    .command('add')
    .description('register a network of your own under its name')
    .argument('<file>', 'its description as JSON; - reads it from the standard input')
    .action(async (file: string, _options: unknown, command: Command) => {
      const registered = await clientFor(context, command).registerBaseline(readNetwork(file));
      if (command.optsWithGlobals<ServiceOptions>().json === true) printJson(terminal, registered);
      else print(terminal, renderBaselines([registered]));
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
}
