import {
  CompoundSearchError,
  type Latency,
  type LeaderboardRow,
  networkRequestSchema,
} from '@compound-search/contracts';
import {
  architectureOfRequest,
  buildNetwork,
  parseNetworkDescription,
  scaleBaseline,
  type ScaledArchitecture,
  summarizeNetwork,
} from '@compound-search/networks';
import type { Command } from 'commander';

import { print, printJson, say } from '../terminal.ts';
import { renderLatencies } from '../views/latency-table.ts';
import { integerBetween, parseNumber, parseResolution } from './arguments.ts';
import { findNetwork } from './baseline-argument.ts';
import { checkedRequest } from './checked-request.ts';
import { clientFor, type CommandContext } from './context.ts';
import { addVariationOptions, variationOf, type VariationOptions } from './variation-options.ts';

interface LatencyOptions extends VariationOptions {
  readonly depth?: number;
  readonly width?: number;
  readonly resolution?: number | number[];
  readonly resolutionMultiplier?: number;
  readonly published?: string;
  readonly search?: string;
  readonly runs: number;
  readonly warmUp: number;
  readonly json?: boolean;
}

/** A network whose latency was measured; of a candidate, its row of the leaderboard too. */
export interface MeasuredNetwork {
  readonly architecture: ScaledArchitecture;
  readonly row: LeaderboardRow | null;
  readonly latency: Latency;
}

/** How long networks take to infer on this machine. Needs TensorFlow, and a service for the candidates of a search alone. */
export function addLatency(program: Command, context: CommandContext): void {
  const command = program
    .command('latency')
    .description('how long a network, or each candidate of a search, takes for one image on one core of this machine')
    .argument('[baseline]', 'a name, or a description of your own as JSON (a path)')
    .option('--depth <multiplier>', 'multiplies the blocks of every stage (1)', parseNumber)
    .option('--width <multiplier>', 'multiplies all channels (1)', parseNumber)
    .option('--resolution <pixels>', 'the input: 380 or 224x160', parseResolution)
    .option('--resolution-multiplier <multiplier>', "multiplies the sides of the baseline's input (1)", parseNumber)
    .option('--published <name>', 'a published network instead, such as b4; see `published`')
    .option('--search <search>', 'the candidates of this search instead, best first')
    .option('--runs <count>', 'how many are timed', integerBetween(1, 10_000), 20)
    .option('--warm-up <count>', 'how many come before those', integerBetween(0, 10_000), 5);
  addVariationOptions(command).action(
    async (baseline: string | undefined, options: LatencyOptions, self: Command): Promise<void> => {
      const networks =
        options.search === undefined
          ? [{ architecture: await requestedNetwork(baseline, options, { context, self }), row: null }]
          : await candidatesOf(options.search, { context, self });
      const measured = await measureInTurn(networks, options, context);
      if (options.json === true) printJson(context.terminal, measured.map(toJson));
      else print(context.terminal, renderLatencies(measured));
    },
  );
}

interface Surroundings {
  readonly context: CommandContext;
  readonly self: Command;
}

async function requestedNetwork(
  baseline: string | undefined,
  options: LatencyOptions,
  { context, self }: Surroundings,
): Promise<ScaledArchitecture> {
  const description = baseline === undefined ? undefined : await findNetwork(baseline, context, self);
  const { depth, width, resolution, resolutionMultiplier, published } = options;
  const request = checkedRequest(networkRequestSchema, {
    ...variationOf(options),
    ...{ baseline: description?.name, published, depth, width, resolution, resolutionMultiplier },
  });
  return architectureOfRequest(request, description);
}

/** @throws CompoundSearchError NETWORK_INVALID where this version would build another network than was trained. */
async function candidatesOf(
  searchId: string,
  { context, self }: Surroundings,
): Promise<Pick<MeasuredNetwork, 'architecture' | 'row'>[]> {
  const client = clientFor(context, self);
  const [{ request }, { rows, baseline }] = await Promise.all([
    client.getSearch(searchId),
    client.leaderboard(searchId),
  ]);
  const description =
    typeof request.baseline === 'string'
      ? await findNetwork(request.baseline, context, self)
      : parseNetworkDescription(request.baseline);
  const { classes, inputChannels: channels } = baseline;
  return rows.map((row) => {
    const { multipliers, resolution } = row;
    const architecture = scaleBaseline(description, multipliers, { classes, input: { channels }, resolution });
    requireSame(summarizeNetwork(architecture).totals.macs, row);
    return { architecture, row };
  });
}

function requireSame(macs: number, row: LeaderboardRow): void {
  if (macs === row.macs) return;
  throw new CompoundSearchError('NETWORK_INVALID', `A candidate has ${row.macs} multiply-adds, and ${macs} here`, {
    field: 'search',
    value: row.candidateId,
    remedy: 'Use the version of the command line that the service has.',
  });
}

async function measureInTurn(
  networks: readonly Pick<MeasuredNetwork, 'architecture' | 'row'>[],
  { runs, warmUp }: LatencyOptions,
  { terminal }: CommandContext,
): Promise<MeasuredNetwork[]> {
  // Every other command does without TensorFlow, and starts sooner for it.
  const { measureLatency } = await import('@compound-search/training');
  const measured: MeasuredNetwork[] = [];
  for (const [index, { architecture, row }] of networks.entries()) {
    if (networks.length > 1) say(terminal, `Measuring ${index + 1} of ${networks.length}`);
    // One at a time: two would share caches and the memory's bandwidth.
    const latency = await measureLatency({ network: buildNetwork(architecture), runs, warmUp });
    measured.push({ architecture, row, latency });
  }
  return measured;
}

function toJson({ architecture, row, latency }: MeasuredNetwork) {
  const { parameters, macs } = summarizeNetwork(architecture).totals;
  const { multipliers, resolution } = architecture;
  return {
    baseline: architecture.baseline.name,
    candidateId: row?.candidateId ?? null,
    rank: row?.rank ?? null,
    accuracy: row?.validationAccuracy?.mean ?? null,
    multipliers,
    resolution,
    parameters,
    macs,
    latency,
  };
}
