import { type TrialState, trialStates } from '@compound-search/contracts';
import { type Command, Option } from 'commander';

import { print, printJson } from '../terminal.ts';
import { renderCurves } from '../views/curve-table.ts';
import { clientFor, type CommandContext } from './context.ts';
import { type ListOptions, paged, pageOptions, tellNext } from './pages.ts';

/** As many as a line of a terminal has room for beside the rest. */
const pointsAtAGlance = 30;

/** How the trials of a search have learnt. */
export function addCurves(program: Command, context: CommandContext): void {
  paged(
    program
      .command('curves')
      .description('how the trials of a search have learnt, at a glance or as numbers')
      .argument('<search>', 'id of the search'),
  )
    .addOption(new Option('--state <state>', 'only those in this state').choices(trialStates))
    .action(async (id: string, options: ListOptions & { readonly state?: TrialState }, command: Command) => {
      const filter = options.state === undefined ? {} : { state: options.state };
      const detail = options.json === true ? {} : { points: pointsAtAGlance };
      const page = await clientFor(context, command).curves(id, { ...pageOptions(options), ...filter, ...detail });
      if (options.json === true) printJson(context.terminal, page);
      else print(context.terminal, renderCurves(page.items));
      tellNext(context, page);
    });
}
