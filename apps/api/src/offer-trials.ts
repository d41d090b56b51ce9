import type { TrialJob } from '@compound-search/contracts';
import type { TrialQueue } from '@compound-search/queue';
import type { FastifyBaseLogger } from 'fastify';

/** Puts stored trials on the queue. What it does not take now, the conductor adds later. */
export async function offerTrials(
  queue: Pick<TrialQueue, 'add'>,
  trials: readonly TrialJob[],
  logger: Pick<FastifyBaseLogger, 'warn'>,
): Promise<void> {
  await queue.add(trials).catch((error: unknown) => {
    logger.warn({ err: error, trials: trials.length }, 'the trials will be queued later');
  });
}
