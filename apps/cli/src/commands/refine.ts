import type { Command } from 'commander';

import { printJson } from '../terminal.ts';
import { clientFor, type CommandContext } from './context.ts';

/** From coarse to fine: the request of a second search. */
export function addRefine(program: Command, context: CommandContext): void {
  program
    .command('refine')
    .description('the request, as JSON, of a finer search around the networks that cannot be told apart')
    .argument('<search>', 'id of the search')
    .addHelpText('after', '\nPost it with:  compound-search refine <search> | compound-search search -')
    .action(async (id: string, _options: unknown, command: Command) => {
      printJson(context.terminal, await clientFor(context, command).refinement(id));
    });
}
