import { readEnvironment } from './env.ts';
import { describeError } from './report-error.ts';
import { exitCodes, runCommandLine } from './run-command-line.ts';
import { listenForShutdown } from './supervision/shutdown-signals.ts';
import { processTerminal, say } from './terminal.ts';

const terminal = processTerminal();

async function run(): Promise<number> {
  try {
    const environment = readEnvironment();
    return await runCommandLine(process.argv.slice(2), { environment, terminal, shutdownSignals: listenForShutdown });
  } catch (error) {
    say(terminal, describeError(error));
    return exitCodes.failed;
  }
}

// Connections that clients keep open must not hold a finished command.
process.exit(await run());
