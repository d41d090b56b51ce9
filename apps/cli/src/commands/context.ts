import { type Client, createClient } from '@compound-search/sdk';
import type { Command } from 'commander';

import type { Environment } from '../env.ts';
import { chooseServiceUrl } from '../service/service-url.ts';
import type { ShutdownSignals } from '../supervision/shutdown-signals.ts';
import type { Terminal } from '../terminal.ts';

/** What commands work with. */
export interface CommandContext {
  readonly environment: Environment;
  readonly terminal: Terminal;
  /** Starts to listen for the signals that end a long command; a command that does not ask ends at once. */
  readonly shutdownSignals: () => ShutdownSignals;
}

/** Options that every command that speaks to the service has. */
export interface ServiceOptions {
  readonly json?: boolean;
}

/** The client of the service that `--url` or the environment chooses. */
export function clientFor(context: CommandContext, command: Command): Client {
  return createClient({
    key: context.environment.COMPOUND_SEARCH_KEY,
    baseUrl: chooseServiceUrl(context.environment, command.optsWithGlobals<{ url?: string }>().url),
  });
}
