import { CompoundSearchError, type Role, roles } from '@compound-search/contracts';
import { type Command, Option } from 'commander';

import { print, printJson, say } from '../terminal.ts';
import { renderKeys } from '../views/key-table.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';

/** Who may use a service that others can reach. */
export function addKeys(program: Command, context: CommandContext): void {
  const keys = program
    .command('keys')
    .description('the keys of the service')
    .option('--json', 'raw values')
    .action(async (options: ServiceOptions, command: Command) => {
      const list = await clientFor(context, command).keys();
      if (options.json === true) printJson(context.terminal, list);
      else print(context.terminal, renderKeys(list));
    });
  addMaking(keys, context);
  addTakingBack(keys, context);
}

function addMaking(keys: Command, context: CommandContext): void {
  const role = new Option('--role <role>', 'what it allows').choices(roles).default('submit');
  keys
    .command('add')
    .description('make a key; its secret is printed this once')
    .argument('<name>', 'whose it is, or what for')
    .addOption(role)
    .action(async (name: string, options: { readonly role: Role }, command: Command) => {
      const { terminal } = context;
      const made = await clientFor(context, command).makeKey({ name, role: options.role });
      if (command.optsWithGlobals<ServiceOptions>().json === true) {
        printJson(terminal, made);
        return;
      }
      say(terminal, 'Keep it: it cannot be shown again. Commands take it from COMPOUND_SEARCH_KEY.');
      print(terminal, made.key);
    });
}

function addTakingBack(keys: Command, context: CommandContext): void {
  keys
    .command('remove')
    .description('take a key back; it is refused from then on')
    .argument('<name>', 'its name, or its id')
    .action(async (name: string, _options: unknown, command: Command) => {
      const client = clientFor(context, command);
      const key = (await client.keys()).find((one) => one.name === name || one.id === name);
      if (key === undefined) {
        throw new CompoundSearchError('NOT_FOUND', `There is no key ${name}`, {
          field: 'name',
          value: name,
          remedy: 'compound-search keys lists all keys.',
        });
      }
      const removed = await client.deleteKey(key.id);
      if (command.optsWithGlobals<ServiceOptions>().json === true) printJson(context.terminal, removed);
      else print(context.terminal, renderKeys([removed]));
    });
}
