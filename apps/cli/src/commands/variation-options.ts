import { roundingPolicyNames } from '@compound-search/contracts';
import { type Command, Option } from 'commander';

import { parseNumber } from './arguments.ts';

/** Options for what may differ from the baseline beside its scale; each stands for one field of the request. */
export interface VariationOptions {
  readonly classes?: number;
  readonly inputChannels?: number;
  readonly rounding?: string;
  readonly channelDivisor?: number;
  readonly resolutionStep?: number;
  readonly repeats?: string;
  readonly batch?: number;
}

/** Gives a command the options for what may differ from the baseline beside its scale. */
export function addVariationOptions(command: Command): Command {
  return command
    .option('--classes <count>', "classes of the data (the baseline's own)", parseNumber)
    .option('--input-channels <count>', "channels of the image (the baseline's own)", parseNumber)
    .addOption(
      new Option('--rounding <policy>', "how channels, repeats and sides are rounded (the baseline's own)").choices(
        roundingPolicyNames,
      ),
    )
    .option('--channel-divisor <count>', 'channels become multiples of this', parseNumber)
    .option('--resolution-step <pixels>', 'sides become multiples of this', parseNumber)
    .addOption(new Option('--repeats <rounding>', 'how repeats are rounded').choices(['ceil', 'round']))
    .option('--batch <images>', 'adds the memory that training with so many images a step holds', parseNumber)
    .option('--json', 'raw numbers');
}

/** The fields of a request that the options stand for. */
export function variationOf(options: VariationOptions): VariationOptions {
  const { classes, inputChannels, rounding, channelDivisor, resolutionStep, repeats, batch } = options;
  const fields = { classes, inputChannels, rounding, channelDivisor, resolutionStep, repeats, batch };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
