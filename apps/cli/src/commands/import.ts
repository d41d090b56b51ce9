import { setTimeout as sleep } from 'node:timers/promises';

import { type ImportedResults, isEndedSearchState } from '@compound-search/contracts';
import type { Client, ResultText } from '@compound-search/sdk';
import { type Command, Option } from 'commander';

import { print, printJson, say } from '../terminal.ts';
import { renderImport } from '../views/import-text.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';
import { InterruptedError } from './interrupted-error.ts';
import { readText } from './json-file.ts';

interface ImportOptions extends ServiceOptions {
  readonly format?: ResultText['format'];
  readonly skipUnassigned?: boolean;
  readonly follow?: boolean;
}

/** Results of trainings that ran elsewhere, from a file into a search. */
export function addImport(program: Command, context: CommandContext): void {
  program
    .command('import')
    .description('ends trials of a search with results from elsewhere: all lines of a file, or none')
    .argument('<search>', 'id of the search')
    .argument('<file>', 'JSON lines or CSV as `export` writes them; - reads the standard input')
    .addOption(
      new Option('--format <format>', 'of the file (default: csv where its name ends so)').choices(['jsonl', 'csv']),
    )
    .option('--skip-unassigned', 'leave out results of trials that the search has not assigned yet')
    .option('--follow', 'leave them out, and import them when the search assigns them, until it has no use for more')
    .option('--json', 'raw numbers')
    .action(async (id: string, file: string, options: ImportOptions, command: Command) => {
      const client = clientFor(context, command);
      const format = options.format ?? (file.endsWith('.csv') ? 'csv' : 'jsonl');
      const skips = options.skipUnassigned === true || options.follow === true;
      const results: ResultText = { format, text: readText(file), ...(skips ? { unassigned: 'skip' } : {}) };
      const imported =
        options.follow === true
          ? await importAsAssigned(context, { client, id, results })
          : await client.importResults(id, results);
      if (options.json === true) printJson(context.terminal, imported);
      else print(context.terminal, renderImport(imported));
    });
}

interface Following {
  readonly client: Client;
  readonly id: string;
  readonly results: ResultText;
}

/** Between two looks at a search that decides on what has been imported. */
const pauseMilliseconds = 500;
/** A decision takes less; a search that has not moved by then waits for results that the file does not have. */
const mostIdleLooks = 10;

/**
 * Sends the file again whenever the search has gone on, which changes nothing of what it has; until the search has ended,
 * or waits for results that the file does not have.
 */
async function importAsAssigned(context: CommandContext, following: Following): Promise<ImportedResults> {
  const signals = context.shutdownSignals();
  try {
    return await follow(context, following, signals.stop);
  } catch (error) {
    if (!signals.stop.aborted) throw error;
    throw new InterruptedError('What was imported stays; the same command goes on with the rest.');
  } finally {
    signals.dispose();
  }
}

/** What an earlier look has imported is no result of before. */
function addUp({ imported, repeated }: ImportedResults, last: ImportedResults): ImportedResults {
  return { ...last, imported: imported + last.imported, repeated };
}

async function follow(
  { terminal }: CommandContext,
  { client, id, results }: Following,
  signal: AbortSignal,
): Promise<ImportedResults> {
  let revision = 0;
  let sum: ImportedResults | undefined;
  for (let idle = 0; ;) {
    const last = await client.importResults(id, results);
    sum = sum === undefined ? last : addUp(sum, last);
    const search = await client.getSearch(id);
    if (last.imported > 0) say(terminal, `Round ${search.round}: ${renderImport(last)}`);
    const waiting = search.trials.queued + search.testTrials.queued;
    idle = search.revision === revision && waiting > 0 ? idle + 1 : 0;
    revision = search.revision;
    if (isEndedSearchState(search.state)) return sum;
    if (idle === mostIdleLooks) {
      say(terminal, `The search waits for the results of ${waiting} trials that the file does not have.`);
      return sum;
    }
    await sleep(pauseMilliseconds, undefined, { signal });
  }
}
