import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { searchRequestSchema } from '@compound-search/contracts';
import { createClient } from '@compound-search/sdk';
import type { Command } from 'commander';

import { watchSearch } from '../progress/watch-search.ts';
import { announce } from '../service/announce.ts';
import { findLocalService } from '../service/service-record.ts';
import { chooseDataFolder } from '../service/service-url.ts';
import { type Stack, StartAbortedError, startStack } from '../service/stack.ts';
import { aborted, type ShutdownSignals } from '../supervision/shutdown-signals.ts';
import { say } from '../terminal.ts';
import type { CommandContext } from './context.ts';
import { InterruptedError } from './interrupted-error.ts';
import { printResults, refuseFruitless } from './results.ts';

interface QuickstartOptions {
  readonly data?: string;
  readonly json?: boolean;
}

const requestFile = fileURLToPath(new URL('../../quickstart.json', import.meta.url));

/** The main job from end to end, on real data. */
export function addQuickstart(program: Command, context: CommandContext): void {
  program
    .command('quickstart')
    .description('start a service, run a small search on MNIST, print its result and stop the service again')
    .option('--data <folder>', 'where everything is kept (.data in the repository)')
    .option('--json', 'leaderboard and coefficients as one JSON document')
    .action(async (options: QuickstartOptions) => quickstart(context, options));
}

async function quickstart(context: CommandContext, options: QuickstartOptions): Promise<void> {
  const signals = context.shutdownSignals();
  const dataFolder = chooseDataFolder(context.environment, options.data);
  let service: Pick<Stack, 'url' | 'gaveUp' | 'stop'> | undefined;
  try {
    service = await useService(context, dataFolder, signals);
    await runSearch(context, service, signals, options.json === true);
    say(context.terminal, `The results stay in ${dataFolder}; npm start serves them, and takes your own searches.`);
  } catch (error) {
    if (signals.stop.aborted || error instanceof StartAbortedError) throw new InterruptedError();
    throw error;
  } finally {
    await service?.stop();
    signals.dispose();
  }
}

/** The service that runs on the data folder already, which is left running, or one of our own. */
async function useService(
  { environment, terminal }: CommandContext,
  dataFolder: string,
  signals: ShutdownSignals,
): Promise<Pick<Stack, 'url' | 'gaveUp' | 'stop'>> {
  const running = findLocalService(dataFolder);
  if (running !== undefined) {
    say(terminal, `The service at ${running} runs already, and is used.`);
    return { url: running, gaveUp: new Promise(() => undefined), stop: () => Promise.resolve() };
  }
  say(terminal, 'Starting PostgreSQL, Valkey, API and worker.');
  const stack = await startStack({
    environment,
    dataFolder,
    port: 0,
    slots: undefined,
    signals,
    onEvent: (event) => {
      const text = announce(event);
      if (text !== undefined) say(terminal, text);
    },
  });
  say(terminal, `The service listens at ${stack.url}`);
  return stack;
}

async function runSearch(
  { terminal }: CommandContext,
  service: Pick<Stack, 'url' | 'gaveUp'>,
  signals: ShutdownSignals,
  json: boolean,
): Promise<void> {
  const client = createClient({ baseUrl: service.url });
  const search = await client.createSearch(searchRequestSchema.parse(JSON.parse(readFileSync(requestFile, 'utf8'))));
  say(terminal, `POST ${service.url}/v1/searches -> search ${search.id}`);
  // A service that cannot be kept alive ends the wait at once instead of after the client's patience.
  const failed = service.gaveUp.then((error) => {
    throw error;
  });
  const interrupted = aborted(signals.stop).then(() => {
    throw new InterruptedError();
  });
  try {
    const watch = watchSearch(client, search, terminal, signals.stop);
    const ended = await Promise.race([watch, failed, interrupted]);
    await refuseFruitless(client, ended);
    await printResults(client, ended, terminal, json);
  } catch (error) {
    if (signals.stop.aborted) await cancelQuietly(service.url, search.id);
    throw error;
  }
}

/** An interrupted search would go on at the next start; whoever stops a quick start does not want that. */
async function cancelQuietly(baseUrl: string, searchId: string): Promise<void> {
  const client = createClient({ baseUrl, timeoutMilliseconds: 3000 });
  await client.cancel(searchId).catch(() => undefined);
}
