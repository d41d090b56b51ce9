import { familyRequestSchema } from '@compound-search/contracts';
import { answerFamilyRequest } from '@compound-search/networks';
import type { Command } from 'commander';

import { print, printJson } from '../terminal.ts';
import { renderFamily } from '../views/network-tables.ts';
import { parseNumber, parseNumbers } from './arguments.ts';
import { findNetwork } from './baseline-argument.ts';
import { checkedRequest } from './checked-request.ts';
import type { CommandContext } from './context.ts';
import { addVariationOptions, variationOf, type VariationOptions } from './variation-options.ts';

interface FamilyOptions extends VariationOptions {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number[];
  readonly json?: boolean;
}

/** The exact costs of a baseline scaled to every phi. Needs no service. */
export function addFamily(program: Command, context: CommandContext): void {
  const command = program
    .command('family')
    .description('a baseline scaled to every phi, with exact costs; needs no service and trains nothing')
    .argument('<baseline>', 'a name, or a description of your own as JSON (a path)')
    .option('--alpha <coefficient>', 'depth', parseNumber, 1.2)
    .option('--beta <coefficient>', 'width', parseNumber, 1.1)
    .option('--gamma <coefficient>', 'resolution', parseNumber, 1.15)
    .option('--phi <numbers>', 'any real numbers, negative ones too: -2,0,1.5', parseNumbers, [0, 1, 2, 3, 4, 5, 6, 7]);
  addVariationOptions(command).action(
    async (baseline: string, options: FamilyOptions, self: Command): Promise<void> => {
      const description = await findNetwork(baseline, context, self);
      const { alpha, beta, gamma, phi } = options;
      const request = checkedRequest(familyRequestSchema, {
        ...variationOf(options),
        ...{ baseline: description.name, alpha, beta, gamma, phi },
      });
      const members = [...answerFamilyRequest(request, description)];
      if (options.json === true) printJson(context.terminal, members);
      else print(context.terminal, renderFamily(members));
    },
  );
}
