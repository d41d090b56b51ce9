import type { Command } from 'commander';
import { z } from 'zod';

import { parseNumber } from './arguments.ts';
import { given } from './given-fields.ts';

/** Flags that say what candidates are ranked by; each stands for one field of the request's objective. */
export interface ObjectiveFlags {
  readonly objective?: string;
  readonly rewardExponent?: number;
}

/** Gives a command the flags that say what candidates are ranked by. */
export function addObjectiveInput(command: Command): Command {
  return command
    .option(
      '--objective <kind>',
      'what candidates are ranked by: accuracy, loss, or reward, which weighs accuracy against cost (accuracy)',
    )
    .option('--reward-exponent <number>', 'reward is accuracy x (MACs / target)^exponent (-0.07)', parseNumber);
}

const fieldsSchema = z.record(z.string(), z.unknown()).catch({});

/** The objective that flags make of the file's; undefined where there are none. An exponent alone is one of the reward. */
export function objectiveOf(
  file: unknown,
  { objective, rewardExponent: exponent }: ObjectiveFlags,
): Readonly<Record<string, unknown>> | undefined {
  if (objective === undefined && exponent === undefined) return undefined;
  const written = fieldsSchema.parse(file);
  const kind = objective ?? 'reward';
  return { ...(kind === written['kind'] ? written : { kind }), ...given({ exponent }) };
}
