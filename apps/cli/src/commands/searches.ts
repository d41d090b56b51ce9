import { type TrialState, trialStates } from '@compound-search/contracts';
import { type Command, Option } from 'commander';

import { print, printJson } from '../terminal.ts';
import { renderDecisions } from '../views/decision-table.ts';
import { renderSearches } from '../views/search-table.ts';
import { renderTrial, renderTrials } from '../views/trial-tables.ts';
import { addCoefficients } from './coefficients.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';
import { addCurves } from './curves.ts';
import { addLeaderboard } from './leaderboard.ts';
import { addLog } from './log.ts';
import { type ListOptions, paged, pageOptions, tellNext } from './pages.ts';

/** Looking at searches and their trials. */
export function addSearches(program: Command, context: CommandContext): void {
  addSearchList(program, context);
  addLeaderboard(program, context);
  addDecisions(program, context);
  addTrialList(program, context);
  addTrial(program, context);
  addLog(program, context);
  addCurves(program, context);
  addCoefficients(program, context);
}

function addSearchList(program: Command, context: CommandContext): void {
  paged(program.command('searches').description('all searches, newest first')).action(
    async (options: ListOptions, command: Command) => {
      const page = await clientFor(context, command).listSearches(pageOptions(options));
      if (options.json === true) printJson(context.terminal, page);
      else print(context.terminal, renderSearches(page.items));
      tellNext(context, page);
    },
  );
}

function addDecisions(program: Command, context: CommandContext): void {
  paged(
    program
      .command('decisions')
      .description('what a search decided: who was given what, who was dropped and why')
      .argument('<search>', 'id of the search'),
  ).action(async (id: string, options: ListOptions, command: Command) => {
    const client = clientFor(context, command);
    const page = await client.decisions(id, pageOptions(options));
    if (options.json === true) {
      printJson(context.terminal, page);
    } else {
      const [search, leaderboard] = await Promise.all([client.getSearch(id), client.leaderboard(id)]);
      print(context.terminal, renderDecisions({ search, decisions: page.items, leaderboard }));
    }
    tellNext(context, page);
  });
}

function addTrialList(program: Command, context: CommandContext): void {
  paged(program.command('trials').description('the trials of a search').argument('<search>', 'id of the search'))
    .addOption(new Option('--state <state>', 'only those in this state').choices(trialStates))
    .action(async (id: string, options: ListOptions & { readonly state?: TrialState }, command: Command) => {
      const { state } = options;
      const filter = state === undefined ? {} : { state };
      const page = await clientFor(context, command).trials(id, { ...pageOptions(options), ...filter });
      if (options.json === true) printJson(context.terminal, page);
      else print(context.terminal, renderTrials(page.items));
      tellNext(context, page);
    });
}

function addTrial(program: Command, context: CommandContext): void {
  program
    .command('trial')
    .description('a trial with its learning curve')
    .argument('<trial>', 'id of the trial')
    .option('--json', 'raw numbers')
    .action(async (id: string, options: ServiceOptions, command: Command) => {
      const trial = await clientFor(context, command).trial(id);
      if (options.json === true) printJson(context.terminal, trial);
      else print(context.terminal, renderTrial(trial));
    });
}
