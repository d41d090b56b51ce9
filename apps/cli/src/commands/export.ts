import { type TrialState, trialStates } from '@compound-search/contracts';
import { type Command, Option } from 'commander';

import { write } from '../terminal.ts';
import { clientFor, type CommandContext } from './context.ts';

interface ExportOptions {
  readonly format: 'jsonl' | 'csv';
  readonly state?: TrialState;
}

/** Writing the results of single trials to the standard output. */
export function addExport(program: Command, context: CommandContext): void {
  program
    .command('export')
    .description('the results of all trials of a search, for other programs')
    .argument('<search>', 'id of the search')
    .addOption(new Option('--format <format>', 'JSON lines or CSV').choices(['jsonl', 'csv']).default('jsonl'))
    .addOption(
      new Option('--state <state>', 'only trials in this state; queued are those that wait').choices(trialStates),
    )
    .action(async (id: string, { format, state }: ExportOptions, command: Command) => {
      const results = await clientFor(context, command).exportResults(id, format, state);
      // A terminal and the files of most programs end lines with a line feed alone.
      write(context.terminal.output, results.replaceAll('\r\n', '\n'));
    });
}
