import type { Command } from 'commander';

import { watchTrial } from '../progress/watch-trial.ts';
import { print, printJson, say } from '../terminal.ts';
import { renderComparison } from '../views/comparison-text.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';
import { DifferenceError } from './difference-error.ts';

/** Repeating a trial from its record. */
export function addRerun(program: Command, context: CommandContext): void {
  program
    .command('rerun')
    .description('repeats a trial from its record, and says whether it is the same to the bit')
    .argument('<trial>', 'id of a trial that has completed')
    .option('--json', 'raw numbers')
    .action(async (id: string, options: ServiceOptions, command: Command) => {
      const client = clientFor(context, command);
      const { terminal } = context;
      const rerun = await client.rerun(id);
      if (options.json !== true) say(terminal, `Rerun ${rerun.id}`);
      await watchTrial(client, rerun.id, context);
      const comparison = await client.comparison(rerun.id);
      if (options.json === true) printJson(terminal, comparison);
      else print(terminal, renderComparison(comparison));
      if (comparison.equal !== true) throw new DifferenceError(`Trial ${id} has not repeated.`);
    });
}
