import type { Command } from 'commander';

import { print, printJson } from '../terminal.ts';
import { renderTrialLog } from '../views/trial-log-text.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';

/** What became of each attempt at a trial. */
export function addLog(program: Command, context: CommandContext): void {
  program
    .command('log')
    .description('each attempt at a trial: who trained it where, how it ended, and what it said last')
    .argument('<trial>', 'id of the trial')
    .option('--json', 'raw numbers')
    .action(async (id: string, options: ServiceOptions, command: Command) => {
      const log = await clientFor(context, command).trialLog(id);
      if (options.json === true) printJson(context.terminal, log);
      else print(context.terminal, renderTrialLog(log));
    });
}
