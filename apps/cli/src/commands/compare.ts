import {
  type ComparisonRequestInput,
  comparisonRequestSchema,
  type ScalingComparison,
  type SearchView,
} from '@compound-search/contracts';
import type { Client } from '@compound-search/sdk';
import type { Command } from 'commander';

import { watchSearch } from '../progress/watch-search.ts';
import { print, printJson, say } from '../terminal.ts';
import { renderScalingComparison } from '../views/scaling-comparison-text.ts';
import { parseNumber, parseNumbers } from './arguments.ts';
import { checkedRequest } from './checked-request.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';
import { given } from './given-fields.ts';
import { InterruptedError } from './interrupted-error.ts';
import { refuseFruitless } from './results.ts';
import { addSettingOptions, readRequestFile, section, type SettingFlags, settingOf } from './search-input.ts';

interface CompareFlags extends ServiceOptions, SettingFlags {
  readonly alpha?: number;
  readonly beta?: number;
  readonly gamma?: number;
  readonly targets?: number[];
  readonly methods?: string[];
  readonly tolerance?: number;
  readonly searches?: string[];
}

type Compared = ScalingComparison['searches'];

/** Comparing ways of scaling at equal cost. */
export function addCompare(program: Command, context: CommandContext): void {
  const command = program
    .command('compare')
    .description('whether compound scaling wins over one axis at equal exact cost: starts the trainings, waits, ranks')
    .argument('[file]', 'the request as JSON; - reads it from the standard input')
    .option('--alpha <coefficient>', 'depth of the compound scaling; the targets set its size', parseNumber)
    .option('--beta <coefficient>', 'width of it', parseNumber)
    .option('--gamma <coefficient>', 'resolution of it', parseNumber)
    .option('--targets <ratios>', "exact multiply-adds over the baseline's, a search each (2,4)", parseNumbers)
    .option('--methods <names>', 'of depth-only, width-only, resolution-only and compound (all)', splitWords)
    .option('--tolerance <share>', 'how far a cost may be from its target (0.02)', parseNumber)
    .option('--searches <ids>', 'show the searches of a comparison that was started before', splitWords);
  addSettingOptions(command)
    .option('--json', 'raw numbers')
    .action(async (file: string | undefined, flags: CompareFlags, self: Command) => {
      const client = clientFor(context, self);
      const compared =
        flags.searches === undefined
          ? await startComparison(context, client, readComparisonRequest(file, flags))
          : await findComparison(client, flags.searches);
      await watchAll(context, client, compared);
      await show(context, client, compared, flags.json === true);
    });
}

function splitWords(text: string): string[] {
  return text.split(',').map((word) => word.trim());
}

/** @throws CompoundSearchError MALFORMED_JSON or VALIDATION_FAILED. */
function readComparisonRequest(file: string | undefined, flags: CompareFlags): ComparisonRequestInput {
  const fromFile = file === undefined ? {} : readRequestFile(file);
  const { alpha, beta, gamma, targets, methods, tolerance } = flags;
  const request: unknown = {
    ...fromFile,
    ...settingOf(fromFile, flags),
    ...section(fromFile, 'coefficients', { alpha, beta, gamma }),
    ...given({ targets, methods, tolerance }),
  };
  checkedRequest(comparisonRequestSchema, request, 'See `compound-search compare --help`.');
  // Sent as it is, so that the defaults are the service's own.
  return request as ComparisonRequestInput;
}

async function startComparison(
  { terminal }: CommandContext,
  client: Client,
  request: ComparisonRequestInput,
): Promise<Compared> {
  const { searches } = await client.createComparison(request, { onReading: (sentence) => say(terminal, sentence) });
  return searches;
}

async function findComparison(client: Client, ids: readonly string[]): Promise<Compared> {
  const searches = await Promise.all(ids.map((id) => client.getSearch(id)));
  return searches.map((search) => ({ target: search.request.constraint.target, search }));
}

async function watchAll(context: CommandContext, client: Client, compared: Compared): Promise<void> {
  const signals = context.shutdownSignals();
  try {
    for (const { target, search } of compared) {
      say(context.terminal, `Search ${search.id}, at ${target} times the baseline`);
      const ended = await watchSearch(client, search, context.terminal, signals.stop);
      await refuseFruitless(client, ended);
    }
  } catch (error) {
    if (!signals.stop.aborted) throw error;
    throw new InterruptedError(
      `The trainings go on; \`compound-search compare --searches ${idsOf(compared)}\` waits for them again.`,
    );
  } finally {
    signals.dispose();
  }
}

function idsOf(compared: readonly { readonly search: SearchView }[]): string {
  return compared.map(({ search }) => search.id).join();
}

async function show({ terminal }: CommandContext, client: Client, compared: Compared, asJson: boolean): Promise<void> {
  const shown = await Promise.all(
    compared.map(async ({ target, search: { id, notes } }) => ({
      target,
      notes,
      leaderboard: await client.leaderboard(id),
    })),
  );
  if (asJson) printJson(terminal, shown);
  else for (const { target, leaderboard } of shown) print(terminal, renderScalingComparison(target, leaderboard));
}
