import { CompoundSearchError, type TrialDetail } from '@compound-search/contracts';
import type { Client } from '@compound-search/sdk';

import type { CommandContext } from '../commands/context.ts';
import { InterruptedError } from '../commands/interrupted-error.ts';
import { createProgressDisplay } from './progress-display.ts';
import { trialProgressParts } from './progress-line.ts';

/**
 * Shows how far a trial is that a command has asked for, until it has ended. Nobody else waits for such a trial, so it is
 * cancelled where the command is interrupted.
 *
 * @throws CompoundSearchError with the code that the trial failed with, or TRIAL_CANCELLED; InterruptedError
 */
export async function watchTrial(client: Client, trialId: string, context: CommandContext): Promise<TrialDetail> {
  const signals = context.shutdownSignals();
  const display = createProgressDisplay(context.terminal.messages);
  try {
    const ended = await client.waitForTrial(trialId, {
      signal: signals.stop,
      onProgress: (current) =>
        display.update({
          fraction: current.steps === null ? 0 : current.step / current.steps,
          parts: trialProgressParts(current),
        }),
    });
    return requireCompleted(ended);
  } catch (error) {
    if (!signals.stop.aborted) throw error;
    await client.cancelTrial(trialId);
    throw new InterruptedError('The training was cancelled.');
  } finally {
    display.end();
    signals.dispose();
  }
}

function requireCompleted(trial: TrialDetail): TrialDetail {
  const { id, state, failure } = trial;
  if (failure !== null) throw new CompoundSearchError(failure.code, `Trial ${id} failed: ${failure.message}`);
  if (state === 'cancelled') throw new CompoundSearchError('TRIAL_CANCELLED', `Trial ${id} was cancelled`);
  return trial;
}
