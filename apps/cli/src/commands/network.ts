import { networkRequestSchema } from '@compound-search/contracts';
import { answerNetworkRequest, listPublishedNetworks } from '@compound-search/networks';
import type { Command } from 'commander';

import { print, printJson } from '../terminal.ts';
import { renderNetwork, renderPublishedNetworks } from '../views/network-tables.ts';
import { parseNumber, parseResolution, parseStrategy } from './arguments.ts';
import { findNetwork } from './baseline-argument.ts';
import { checkedRequest } from './checked-request.ts';
import type { CommandContext } from './context.ts';
import { addVariationOptions, variationOf, type VariationOptions } from './variation-options.ts';

interface NetworkOptions extends VariationOptions {
  readonly depth?: number;
  readonly width?: number;
  readonly resolution?: number | number[];
  readonly resolutionMultiplier?: number;
  readonly published?: string;
  readonly strategy?: ReturnType<typeof parseStrategy>;
  readonly target?: number;
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly layers?: boolean;
  readonly json?: boolean;
}

/** The exact cost of one network, and the networks that were published. Both need no service. */
export function addNetwork(program: Command, context: CommandContext): void {
  const command = program
    .command('network')
    .description('the exact cost of a scaled network; needs no service and trains nothing')
    .argument('[baseline]', 'a name, or a description of your own as JSON (a path)')
    .option('--depth <multiplier>', 'multiplies the blocks of every stage (1)', parseNumber)
    .option('--width <multiplier>', 'multiplies all channels (1)', parseNumber)
    .option('--resolution <pixels>', 'the input: 380, 224x160, or 16x112x112 with frames first', parseResolution)
    .option('--resolution-multiplier <multiplier>', "multiplies the sides of the baseline's input (1)", parseNumber)
    .option('--published <name>', 'a published network instead, such as b4; see `published`')
    .option('--strategy <name or shares>', 'with --target: fast, uniform, ..., or shares d,w,r', parseStrategy)
    .option('--target <factor>', 'how much cost the strategy adds: 2 doubles it', parseNumber)
    .option('--alpha <coefficient>', 'for the effective phi: depth', parseNumber, 1.2)
    .option('--beta <coefficient>', 'for the effective phi: width', parseNumber, 1.1)
    .option('--gamma <coefficient>', 'for the effective phi: resolution', parseNumber, 1.15)
    .option('--layers', 'every layer too');
  addVariationOptions(command).action(
    async (baseline: string | undefined, options: NetworkOptions, self: Command): Promise<void> => {
      const description = baseline === undefined ? undefined : await findNetwork(baseline, context, self);
      const { alpha, beta, gamma, depth, width, resolution, resolutionMultiplier } = options;
      const { published, strategy, target, layers } = options;
      const request = checkedRequest(networkRequestSchema, {
        ...variationOf(options),
        ...{ baseline: description?.name, published, depth, width, resolution, resolutionMultiplier },
        ...{ strategy, target, coefficients: { alpha, beta, gamma }, layers },
      });
      const answer = answerNetworkRequest(request, description);
      if (options.json === true) printJson(context.terminal, answer);
      else print(context.terminal, renderNetwork(answer));
    },
  );
  addPublished(program, context);
}

function addPublished(program: Command, { terminal }: CommandContext): void {
  program
    .command('published')
    .description('the networks that authors published; no phi of the formula gives them')
    .option('--json', 'raw numbers')
    .action(({ json }: { readonly json?: boolean }) => {
      const networks = listPublishedNetworks();
      if (json === true) printJson(terminal, networks);
      else print(terminal, renderPublishedNetworks(networks));
    });
}
