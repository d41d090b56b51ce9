import type { SearchView } from '@compound-search/contracts';
import type { Client } from '@compound-search/sdk';
import type { Command } from 'commander';

import { watchSearch } from '../progress/watch-search.ts';
import { print, printJson, say, type Terminal } from '../terminal.ts';
import { note, renderPlan, searchFunnel } from '../views/plan-table.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';
import { InterruptedError } from './interrupted-error.ts';
import { printResults, refuseFruitless } from './results.ts';
import { addSearchInput, readSearchRequest, type SearchFlags } from './search-input.ts';

interface SearchOptions extends ServiceOptions, SearchFlags {
  readonly watch?: boolean;
}

/** Starting a search, and seeing before what it would come to. */
export function addSearch(program: Command, context: CommandContext): void {
  addSearchInput(program.command('search').description('start a search'))
    .option('--watch', 'show the progress, then the leaderboard and the coefficients')
    .option('--json', 'raw numbers')
    .action(async (file: string | undefined, options: SearchOptions, command: Command) => {
      const request = readSearchRequest(file, options);
      const client = clientFor(context, command);
      const search = await client.createSearch(request, {
        onReading: (sentence) => say(context.terminal, sentence),
      });
      if (options.watch === true) await watchToTheEnd(context, { client, search, json: options.json === true });
      else if (options.json === true) printJson(context.terminal, search);
      else describeStarted(context.terminal, search);
    });

  addSearchInput(program.command('plan').description('what a search would come to; nothing is stored'))
    .option('--json', 'raw numbers')
    .action(async (file: string | undefined, options: SearchOptions, command: Command) => {
      const plan = await clientFor(context, command).plan(readSearchRequest(file, options));
      if (options.json === true) printJson(context.terminal, plan);
      else print(context.terminal, renderPlan(plan));
    });
}

/** Says what a search that has been started comes to, and how to go on. */
export function describeStarted(terminal: Terminal, search: SearchView): void {
  print(terminal, `Search ${search.id}: ${searchFunnel(search)}`);
  for (const sentence of search.notes) say(terminal, note(sentence));
  if (search.request.trainings === 'external') {
    say(terminal, `Train:     compound-search export ${search.id} --state queued --format csv`);
    say(terminal, `Import:    compound-search import ${search.id} <file>`);
  }
  say(terminal, `Watch it:  compound-search leaderboard ${search.id}`);
  say(terminal, `Answer:    compound-search coefficients ${search.id}`);
}

interface Watched {
  readonly client: Client;
  readonly search: SearchView;
  readonly json: boolean;
}

/** Shows a search's progress until it has ended, then its results. */
export async function watchToTheEnd(context: CommandContext, { client, search, json }: Watched): Promise<void> {
  const signals = context.shutdownSignals();
  try {
    say(context.terminal, `Search ${search.id}`);
    const ended = await watchSearch(client, search, context.terminal, signals.stop);
    await refuseFruitless(client, ended);
    await printResults(client, ended, context.terminal, json);
  } catch (error) {
    if (!signals.stop.aborted) throw error;
    throw new InterruptedError(`The search goes on; \`compound-search cancel ${search.id}\` would end it.`);
  } finally {
    signals.dispose();
  }
}
