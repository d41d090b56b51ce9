import { type Coefficients, CompoundSearchError, type NetworkUse } from '@compound-search/contracts';
import { type Command, Option } from 'commander';

import { print, printJson } from '../terminal.ts';
import { renderCoefficients } from '../views/coefficients-text.ts';
import { renderCode, renderScaledMembers, renderUse } from '../views/use-text.ts';
import { parseNumbers } from './arguments.ts';
import { clientFor, type CommandContext, type ServiceOptions } from './context.ts';

const libraries = ['keras', 'timm', 'torchvision'] as const satisfies readonly (keyof NetworkUse)[];

interface CoefficientsCommandOptions extends ServiceOptions {
  readonly phi?: number[];
  readonly use?: keyof NetworkUse;
}

function renderAnswer(coefficients: Coefficients): string {
  const { use, family } = coefficients;
  return [
    renderCoefficients(coefficients),
    ...(family.length === 0 ? [] : [renderScaledMembers(family)]),
    ...(use === null ? [] : [renderUse(use)]),
  ].join('\n');
}

/** @throws CompoundSearchError NETWORK_INVALID where the library cannot build the winner's network. */
function codeFor(library: keyof NetworkUse, { use }: Coefficients): string {
  const wanted = use?.[library];
  if (wanted?.code != null) return renderCode(wanted);
  throw new CompoundSearchError(
    'NETWORK_INVALID',
    wanted?.reason ?? 'The answer was written by a service that did not tell yet how to use it',
    { field: 'use', value: library, remedy: 'Leave out --use: the answer says which libraries build this network.' },
  );
}

/** The answer of a search: the coefficients, how sure they are, and how to use them. */
export function addCoefficients(program: Command, context: CommandContext): void {
  program
    .command('coefficients')
    .description('the winning coefficients of a search, with the evidence')
    .argument('<search>', 'id of the search')
    .option('--phi <numbers>', 'scale the family to these, as 0,1,2.5 (default: 0 to 7)', parseNumbers)
    .addOption(new Option('--use <library>', 'print only the Python that builds the winner with it').choices(libraries))
    .option('--json', 'raw numbers')
    .action(async (id: string, options: CoefficientsCommandOptions, command: Command) => {
      const { phi, use } = options;
      const coefficients = await clientFor(context, command).coefficients(id, { phi });
      if (use !== undefined) print(context.terminal, codeFor(use, coefficients));
      else if (options.json === true) printJson(context.terminal, coefficients);
      else print(context.terminal, renderAnswer(coefficients));
    });
}
