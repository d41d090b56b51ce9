import type { SearchView } from '@compound-search/contracts';
import type { Client } from '@compound-search/sdk';
import type { Command } from 'commander';

import { print, printJson } from '../terminal.ts';
import { renderSearches } from '../views/search-table.ts';
import { integerBetween } from './arguments.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';

/** What can be done to a search after it has been posted. */
export function addLifeCycle(program: Command, context: CommandContext): void {
  for (const verb of verbs) addVerb(program, context, verb);
  addDelete(program, context);
  addPriority(program, context);
}

interface Verb {
  readonly name: string;
  readonly description: string;
  readonly send: (client: Client, searchId: string) => Promise<SearchView>;
}

const verbs: readonly Verb[] = [
  {
    name: 'pause',
    description: 'let the running trials of a search finish, and start none',
    send: (client, id) => client.pause(id),
  },
  { name: 'resume', description: 'go on with a paused search', send: (client, id) => client.resume(id) },
  {
    name: 'stop',
    description: 'let the running trials of a search finish, and end it with the answer that it has',
    send: (client, id) => client.stop(id),
  },
  {
    name: 'cancel',
    description: 'end a search; trials that run are stopped',
    send: (client, id) => client.cancel(id),
  },
  {
    name: 'retry-failed',
    description: 'run the failed trials of a search again, and no others',
    send: (client, id) => client.retryFailed(id),
  },
];

function addVerb(program: Command, context: CommandContext, { name, description, send }: Verb): void {
  program
    .command(name)
    .description(description)
    .argument('<search>', 'id of the search')
    .option('--json', 'raw numbers')
    .action(async (id: string, options: ServiceOptions, command: Command) => {
      const search = await send(clientFor(context, command), id);
      if (options.json === true) printJson(context.terminal, search);
      else print(context.terminal, renderSearches([search]));
    });
}

function addDelete(program: Command, context: CommandContext): void {
  program
    .command('delete')
    .description('delete a search that has ended, with all that is stored of it')
    .argument('<search>', 'id of the search')
    .option('--json', 'the id alone')
    .action(async (id: string, options: ServiceOptions, command: Command) => {
      await clientFor(context, command).delete(id);
      if (options.json === true) printJson(context.terminal, { deleted: id });
      else print(context.terminal, `Search ${id} is deleted.`);
    });
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
