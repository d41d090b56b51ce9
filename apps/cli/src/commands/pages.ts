import type { Page } from '@compound-search/sdk';
import type { Command } from 'commander';

import { say } from '../terminal.ts';
import { integerBetween } from './arguments.ts';
import type { CommandContext, ServiceOptions } from './context.ts';

export interface ListOptions extends ServiceOptions {
  readonly limit: number;
  readonly cursor?: string;
}

/** A command that shows a list page by page. */
export function paged(command: Command): Command {
  return command
    .option('--limit <count>', 'how many at most', integerBetween(1, 100), 50)
    .option('--cursor <text>', 'where the last list ended')
    .option('--json', 'raw numbers');
}

export function pageOptions({ limit, cursor }: ListOptions) {
  return { limit, ...(cursor === undefined ? {} : { cursor }) };
}

export function tellNext({ terminal }: CommandContext, { next }: Page<unknown>): void {
  if (next !== null) say(terminal, `There are more: --cursor ${next}`);
}
