import type { Command } from 'commander';

import { print, printJson } from '../terminal.ts';
import { integerBetween } from './arguments.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';

/** What can be done to a search after it has been posted. */
export function addLifeCycle(program: Command, context: CommandContext): void {
  addPriority(program, context);
}

function addPriority(program: Command, context: CommandContext): void {
  program
    .command('priority')
    .description('change whose trials start first; those that run go on')
    .argument('<search>', 'id of the search')
    .argument('<number>', '-100 to 100; searches are posted with 0', integerBetween(-100, 100))
    .option('--json', 'raw numbers')
    .action(async (id: string, priority: number, options: ServiceOptions, command: Command) => {
      const search = await clientFor(context, command).changeSearch(id, { priority });
      if (options.json === true) printJson(context.terminal, search);
      else print(context.terminal, `Search ${search.id} has priority ${search.priority}.`);
    });
}
