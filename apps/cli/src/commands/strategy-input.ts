import type { StrategyKind } from '@compound-search/contracts';
import type { Command } from 'commander';
import { z } from 'zod';

import { parseNumber } from './arguments.ts';
import { given } from './given-fields.ts';

/** Flags that say which trials run; each stands for one field of the request's strategy, over that of the file. */
export interface StrategyFlags {
  readonly strategy?: string;
  readonly indifference?: number;
  readonly confidence?: number;
  readonly batch?: number;
  readonly minimumEpochs?: number;
  readonly reduction?: number;
  readonly brackets?: number;
  readonly budgetTrials?: number;
  readonly budgetMinutes?: number;
}

/** Gives a command the flags that say which trials run. */
export function addStrategyInput(command: Command): Command {
  return command
    .option(
      '--strategy <kind>',
      'racing: seeds where they matter; full: all seeds for all; halving: by rungs of epochs (racing)',
    )
    .option(
      '--indifference <difference>',
      'by which a candidate is as good as the best: fraction of accuracy (0.002), or nats of loss (0.01)',
      parseNumber,
    )
    .option('--confidence <probability>', 'racing ends when the leader is the best or as good (0.97)', parseNumber)
    .option('--batch <count>', 'trials that one decision assigns; as many slots are never idle (4)', parseNumber)
    .option('--minimum-epochs <count>', 'first rung of halving, or of racing with rungs (1)', parseNumber)
    .option('--reduction <count>', 'one in so many goes on from a rung (3)', parseNumber)
    .option('--brackets <count>', 'of halving; each starts one rung higher (1)', parseNumber)
    .option('--budget-trials <count>', 'racing and halving end after so many trials', parseNumber)
    .option('--budget-minutes <count>', 'and after so many minutes of training, over all slots', parseNumber);
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The strategy that flags make of the file's, which may be a name alone; undefined where there are none. Another kind than
 * the file's begins anew: most fields of the one mean nothing to the other.
 */
export function strategyOf(file: unknown, flags: StrategyFlags): Fields | undefined {
  const { strategy: kind, indifference, confidence, batch, brackets } = flags;
  const written = fieldsOf(file);
  const base = kind === undefined || kind === written['kind'] ? written : {};
  const changes = {
    ...given({ kind, indifference, confidence, batch, brackets }),
    ...part('rungs', base, { minimumEpochs: flags.minimumEpochs, reduction: flags.reduction }),
    ...part('budget', base, { trials: flags.budgetTrials, trainingMinutes: flags.budgetMinutes }),
  };
  return Object.keys(changes).length === 0 ? undefined : { kind: defaultKind, ...base, ...changes };
}

/** What the flags are about where neither they nor the file name a strategy: a search's own default. */
const defaultKind: StrategyKind = 'racing';

const fieldsSchema = z.union([
  z.record(z.string(), z.unknown()),
  z.string().transform((kind): Record<string, unknown> => ({ kind })),
]);

/** What is neither a name nor an object is for the service to refuse. */
function fieldsOf(file: unknown): Fields {
  return fieldsSchema.safeParse(file).data ?? {};
}

function part(name: string, base: Fields, flags: Fields): Fields {
  const overrides = given(flags);
  if (Object.keys(overrides).length === 0) return {};
  const before = base[name];
  return { [name]: { ...(typeof before === 'object' ? before : {}), ...overrides } };
}
