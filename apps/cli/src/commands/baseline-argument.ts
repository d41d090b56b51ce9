import { CompoundSearchError } from '@compound-search/contracts';
import { baselines, findBaseline, type NetworkDescription, parseNetworkDescription } from '@compound-search/networks';
import { ApiError } from '@compound-search/sdk';
import type { Command } from 'commander';

import { clientFor, type CommandContext } from './context.ts';
import { isFile, readJson } from './json-file.ts';

/**
 * The network that a file describes.
 *
 * @throws CompoundSearchError NETWORK_INVALID with the path of the fault, and what reading the file throws.
 */
export function readNetwork(file: string): NetworkDescription {
  return parseNetworkDescription(readJson(file));
}

/**
 * The network that an argument means: a file, a built-in baseline, or one that was registered with the service. Only the
 * last needs a service.
 *
 * @throws CompoundSearchError UNKNOWN_BASELINE where there is none, NETWORK_INVALID for a file with a fault.
 */
export async function findNetwork(
  text: string,
  context: CommandContext,
  command: Command,
): Promise<NetworkDescription> {
  if (isFile(text)) return readNetwork(text);
  if (baselines.has(text)) return findBaseline(text);
  try {
    return parseNetworkDescription(await clientFor(context, command).baseline(text));
  } catch (error) {
    const isUnknown = error instanceof ApiError && error.code === 'NOT_FOUND';
    const isAway = error instanceof CompoundSearchError && error.code === 'DEPENDENCY_UNAVAILABLE';
    if (isUnknown || isAway) return findBaseline(text);
    throw error;
  }
}
