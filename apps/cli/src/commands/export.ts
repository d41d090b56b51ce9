import { type Command, Option } from 'commander';

import { write } from '../terminal.ts';
import { clientFor, type CommandContext } from './context.ts';

/** Writing the results of single trials to the standard output. */
export function addExport(program: Command, context: CommandContext): void {
  program
    .command('export')
    .description('the results of all trials of a search, for other programs')
    .argument('<search>', 'id of the search')
    .addOption(new Option('--format <format>', 'JSON lines or CSV').choices(['jsonl', 'csv']).default('jsonl'))
    .action(async (id: string, { format }: { readonly format: 'jsonl' | 'csv' }, command: Command) => {
      write(context.terminal.output, await clientFor(context, command).exportResults(id, format));
    });
}
