import type { CommandRun } from './command.ts';
import { until } from './processes.ts';

/** Waits until a run of `serve` listens, and gives its URL. */
export async function serviceUrlOf(run: CommandRun): Promise<string> {
  const url = (): string | undefined => /listens at (\S+)/.exec(run.output())?.[1];
  await until('the service listens, or has failed', () => url() !== undefined || run.child.exitCode !== null, 120);
  const found = url();
  if (found === undefined) throw new Error(`The service did not start: ${run.messages()}`);
  return found;
}
