import type { WorkerView } from '@compound-search/contracts';
import type { Client } from '@compound-search/sdk';
import type { Command } from 'commander';

import { print, printJson } from '../terminal.ts';
import { renderWorkers } from '../views/worker-table.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';

/** The workers of the service, and holding them back. */
export function addWorkers(program: Command, context: CommandContext): void {
  const workers = program
    .command('workers')
    .description('the workers of the service, and what they train')
    .option('--json', 'raw values')
    .action(async (options: ServiceOptions, command: Command) => {
      const list = await clientFor(context, command).workers();
      if (options.json === true) printJson(context.terminal, list);
      else print(context.terminal, renderWorkers(list));
    });
  for (const verb of verbs) addVerb(workers, context, verb);
}

interface Verb {
  readonly name: string;
  readonly description: string;
  readonly send: (client: Client, workerId: string) => Promise<WorkerView>;
}

const verbs: readonly Verb[] = [
  {
    name: 'drain',
    description: 'let a worker finish the trials that it has, and take no more',
    send: (client, id) => client.drainWorker(id),
  },
  {
    name: 'resume',
    description: 'let a worker that drains take trials again',
    send: (client, id) => client.resumeWorker(id),
  },
];

function addVerb(workers: Command, context: CommandContext, { name, description, send }: Verb): void {
  workers
    .command(name)
    .description(description)
    .argument('<worker>', 'id of the worker')
    .action(async (id: string, _options: unknown, command: Command) => {
      const worker = await send(clientFor(context, command), id);
      if (command.optsWithGlobals<ServiceOptions>().json === true) printJson(context.terminal, worker);
      else print(context.terminal, renderWorkers([worker]));
    });
}
