import {
  type Coefficients,
  type LeaderboardOrderInput,
  type LeaderboardSortKey,
  leaderboardSortKeys,
  type SortOrder,
  sortOrders,
} from '@compound-search/contracts';
import { ApiError, type Client } from '@compound-search/sdk';
import { type Command, Option } from 'commander';

import { print, printJson, write } from '../terminal.ts';
import { renderLeaderboard, type WinnerTest } from '../views/leaderboard-table.ts';
import { integerBetween } from './arguments.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';

interface LeaderboardOptions extends ServiceOptions {
  readonly sort?: LeaderboardSortKey;
  readonly order?: SortOrder;
  readonly tied?: boolean;
  readonly pareto?: boolean;
  readonly minimumTrials?: number;
  readonly maximumMacs?: number;
  readonly maximumParameters?: number;
  readonly csv?: boolean;
}

const wholeNumber = integerBetween(0, Number.MAX_SAFE_INTEGER);

/** The candidates of a search: for people, as JSON, or as comma-separated values. */
export function addLeaderboard(program: Command, context: CommandContext): void {
  program
    .command('leaderboard')
    .description('the candidates of a search, best first')
    .argument('<search>', 'id of the search')
    .addOption(new Option('--sort <column>', 'by which to sort (default: rank)').choices(leaderboardSortKeys))
    .addOption(new Option('--order <order>', 'from the smallest or from the largest').choices(sortOrders))
    .option('--tied', 'only those that cannot be told from the best')
    .option('--no-tied', 'only those that can')
    .option('--pareto', 'only those of which none is more accurate at no more multiply-adds')
    .option('--minimum-trials <count>', 'only those with so many completed trials', wholeNumber)
    .option('--maximum-macs <count>', 'only those with at most so many multiply-adds', wholeNumber)
    .option('--maximum-parameters <count>', 'only those with at most so many parameters', wholeNumber)
    .addOption(new Option('--csv', 'comma-separated values').conflicts('json'))
    .option('--json', 'raw numbers')
    .action(async (id: string, options: LeaderboardOptions, command: Command) => {
      const client = clientFor(context, command);
      const order = orderOf(options);
      if (options.csv === true) {
        // A terminal and the files of most programs end lines with a line feed alone.
        write(context.terminal.output, (await client.leaderboardCsv(id, order)).replaceAll('\r\n', '\n'));
        return;
      }
      const leaderboard = await client.leaderboard(id, order);
      if (options.json === true) printJson(context.terminal, leaderboard);
      else print(context.terminal, renderLeaderboard(leaderboard, winnerTest(await coefficientsIfAny(client, id))));
    });
}

function orderOf({
  sort,
  order,
  tied,
  pareto: paretoOptimal,
  minimumTrials,
  maximumMacs,
  maximumParameters,
}: LeaderboardOptions): LeaderboardOrderInput {
  return { sort, order, tied, paretoOptimal, minimumTrials, maximumMacs, maximumParameters };
}

/** The answer of a search; undefined where there is none (yet). */
export async function coefficientsIfAny(client: Client, searchId: string): Promise<Coefficients | undefined> {
  try {
    return await client.coefficients(searchId);
  } catch (error) {
    if (error instanceof ApiError && (error.code === 'COEFFICIENTS_NOT_READY' || error.code === 'NO_WINNER')) {
      return undefined;
    }
    throw error;
  }
}

/** What the leaderboard shows of the answer: the winner's accuracy on the test split. */
export function winnerTest(coefficients: Coefficients | undefined): WinnerTest | undefined {
  return coefficients?.testAccuracy
    ? { fingerprint: coefficients.network.fingerprint, testAccuracy: coefficients.testAccuracy }
    : undefined;
}
