import type { SearchView } from '@compound-search/contracts';
import type { Client } from '@compound-search/sdk';
import type { Command } from 'commander';

import { watchSearch } from '../progress/watch-search.ts';
import { print, printJson, say } from '../terminal.ts';
import { renderTransfer } from '../views/transfer-text.ts';
import { integerBetween, parseNumber, parseNumbers } from './arguments.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';
import { InterruptedError } from './interrupted-error.ts';
import { refuseFruitless } from './results.ts';

interface TransferFlags extends ServiceOptions {
  readonly rows?: number;
  readonly phi?: number;
  readonly seeds?: number[];
}

/** Whether the best rows of a search still lead when they are scaled further. */
export function addTransfer(program: Command, context: CommandContext): void {
  program
    .command('transfer')
    .description('whether the best rows of a search still lead at phi = 2: starts the trainings, waits, compares ranks')
    .argument('<search>', 'id of a search that has ended, or of a transfer, which is then shown')
    .option('--rows <count>', 'so many of the best rows (8)', integerBetween(3, 50))
    .option('--phi <number>', 'the points are alpha^phi, beta^phi and gamma^phi (2)', parseNumber)
    .option('--seeds <numbers>', 'other seeds than those of the search', parseNumbers)
    .option('--json', 'raw numbers')
    .action(async (id: string, flags: TransferFlags, command: Command) => {
      const client = clientFor(context, command);
      const given = await client.getSearch(id);
      const isTransfer = given.request.transferOf !== undefined;
      const search = isTransfer ? given : await startTransfer(context, client, id, flags);
      await watch(context, client, search);
      const transfer = await client.transfer(search.id);
      if (flags.json === true) printJson(context.terminal, transfer);
      else print(context.terminal, renderTransfer(transfer));
    });
}

function startTransfer(
  { terminal }: CommandContext,
  client: Client,
  id: string,
  { rows, phi, seeds }: TransferFlags,
): Promise<SearchView> {
  const request = {
    ...(rows === undefined ? {} : { rows }),
    ...(phi === undefined ? {} : { phi }),
    ...(seeds === undefined ? {} : { seeds }),
  };
  return client.createTransfer(id, request, { onReading: (sentence) => say(terminal, sentence) });
}

async function watch(context: CommandContext, client: Client, search: SearchView): Promise<void> {
  const signals = context.shutdownSignals();
  try {
    say(context.terminal, `Search ${search.id}`);
    await refuseFruitless(client, await watchSearch(client, search, context.terminal, signals.stop));
  } catch (error) {
    if (!signals.stop.aborted) throw error;
    throw new InterruptedError(`The trainings go on; \`compound-search transfer ${search.id}\` waits for them again.`);
  } finally {
    signals.dispose();
  }
}
