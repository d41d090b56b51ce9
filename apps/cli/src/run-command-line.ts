import { Command, CommanderError } from 'commander';

import manifest from '../package.json' with { type: 'json' };
import { addCatalogue } from './commands/catalogue.ts';
import { addCompare } from './commands/compare.ts';
import type { CommandContext } from './commands/context.ts';
import { DifferenceError } from './commands/difference-error.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExport } from './commands/export.ts';
import { addExtend } from './commands/extend.ts';
import { addFamily } from './commands/family.ts';
import { addImport } from './commands/import.ts';
import { InterruptedError } from './commands/interrupted-error.ts';
import { addKeys } from './commands/keys.ts';
import { addLatency } from './commands/latency.ts';
import { addLifeCycle } from './commands/life-cycle.ts';
import { addModel } from './commands/model.ts';
import { addNetwork } from './commands/network.ts';
import { addQuickstart } from './commands/quickstart.ts';
import { addRefine } from './commands/refine.ts';
import { addRerun } from './commands/rerun.ts';
import { addSearch } from './commands/search.ts';
import { addSearches } from './commands/searches.ts';
import { addServe } from './commands/serve.ts';
import { addTransfer } from './commands/transfer.ts';
import { addWorkers } from './commands/workers.ts';
import { describeError } from './report-error.ts';
import { say, write } from './terminal.ts';

/** How a run of the command ended, as its exit code says. */
export const exitCodes = { done: 0, failed: 1, usage: 2, different: 3, interrupted: 130 } as const;

/** Runs one command line, without the name of the program, and returns its exit code; never throws. */
export async function runCommandLine(commandLine: readonly string[], context: CommandContext): Promise<number> {
  try {
    await createProgram(context).parseAsync(commandLine, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    // The parser has said what was wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (error instanceof InterruptedError) {
      say(context.terminal, error.message);
      return exitCodes.interrupted;
    }
    if (error instanceof DifferenceError) {
      say(context.terminal, error.message);
      return exitCodes.different;
    }
    say(context.terminal, describeError(error));
    return exitCodes.failed;
  }
}

function createProgram(context: CommandContext): Command {
  const { output, messages } = context.terminal;
  const program = new Command('compound-search')
    .description("Finds EfficientNet's compound-scaling coefficients for your baseline network and your data.")
    .version(manifest.version)
    .option('--url <url>', 'the service to speak to')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => write(output, text),
      writeErr: (text) => write(messages, text),
    })
    .showHelpAfterError('(add --help for the options)');
  addServe(program, context);
  addQuickstart(program, context);
  addSearch(program, context);
  addExtend(program, context);
  addExport(program, context);
  addImport(program, context);
  addSearches(program, context);
  addLifeCycle(program, context);
  addRefine(program, context);
  addCompare(program, context);
  addTransfer(program, context);
  addRerun(program, context);
  addModel(program, context);
  addCatalogue(program, context);
  addNetwork(program, context);
  addFamily(program, context);
  addLatency(program, context);
  addKeys(program, context);
  addWorkers(program, context);
  addDoctor(program, context);
  return program;
}
