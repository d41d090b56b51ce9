import type { TrialQueue } from '@compound-search/queue';
import type { LeaseStore, SearchOutcome, SearchStore, SearchToAdvance, TrialStore } from '@compound-search/store';
import type { FastifyBaseLogger } from 'fastify';

import { findWinner } from './leaderboard.ts';

/** What the conductor needs of the record, the queue and its surroundings. */
export interface ConductorOptions {
  readonly store: Pick<SearchStore, 'searchesToAdvance' | 'getOutcome' | 'beginTesting' | 'endSearch'> &
    Pick<TrialStore, 'queuedTrials' | 'countQueued'> &
    Pick<LeaseStore, 'expireLeases'>;
  readonly queue: Pick<TrialQueue, 'add' | 'counts'>;
  readonly logger: Pick<FastifyBaseLogger, 'debug' | 'info' | 'warn' | 'error'>;
  /** Between the end of one round and the start of the next. @defaultValue 500 */
  readonly intervalMilliseconds?: number;
}

/**
 * Moves searches forward: takes back trials whose worker died, refills the queue from the record, tests the winner
 * once all ranking trials have ended and ends the search once it is tested. Every move is one conditional update of
 * the store, so any number of conductors may run beside each other.
 */
export interface Conductor {
  /** Does one round now. @throws AggregateError of all steps that failed; the other steps were still done. */
  round(): Promise<void>;
  /** Starts doing rounds by a timer. A round that fails is logged and tried again, later and later up to ten seconds. */
  start(): void;
  /** Waits for the round under way and does no more. */
  stop(): Promise<void>;
}

const longestPause = 10_000;
const pageSize = 1000;

/** Creates a conductor that rests until it is started. */
export function createConductor(options: ConductorOptions): Conductor {
  const { logger, intervalMilliseconds = 500 } = options;
  const round = (): Promise<void> => conduct(options);
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();
  let stopped = false;

  const schedule = (pause: number): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      current = round().then(
        () => schedule(intervalMilliseconds),
        (error: unknown) => {
          const next = Math.min(2 * pause, longestPause);
          logger.error({ err: error, retryInMilliseconds: next }, 'a round of the conductor failed');
          schedule(next);
        },
      );
    }, pause);
  };
  return {
    round,
    start: () => schedule(intervalMilliseconds),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}

async function conduct(options: ConductorOptions): Promise<void> {
  const errors: unknown[] = [];
  const attempt = async (step: () => Promise<void>): Promise<void> => {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  };
  await attempt(() => takeBackLostTrials(options));
  await attempt(async () => {
    for (const search of await options.store.searchesToAdvance()) {
      // One search that cannot be moved must not hold up the others.
      await attempt(() => advance(search, options));
    }
  });
  await attempt(() => refillQueue(options));
  if (errors.length > 0) throw new AggregateError(errors, 'Steps of the conductor failed');
}

async function takeBackLostTrials({ store, queue, logger }: ConductorOptions): Promise<void> {
  const { requeued, failed } = await store.expireLeases();
  if (requeued.length > 0) logger.warn({ trials: requeued }, 'trials were lost by their workers and run again');
  if (failed.length > 0) logger.warn({ trials: failed }, 'trials were lost for the last time and have failed');
  await queue.add(requeued);
}

async function advance({ searchId, state }: SearchToAdvance, options: ConductorOptions): Promise<void> {
  const outcome = await options.store.getOutcome(searchId);
  if (outcome === null) return;
  if (state === 'testing') await endTested(outcome, options);
  else await beginTesting(outcome, options);
}

async function beginTesting(outcome: SearchOutcome, { store, queue, logger }: ConductorOptions): Promise<void> {
  const { searchId } = outcome;
  const winner = findWinner(outcome);
  if (winner === null) {
    if (await store.endSearch({ searchId, state: 'failed' })) logger.warn({ searchId }, 'no ranking trial completed');
    return;
  }
  // Only seeds whose ranking trial completed can be repeated to the bit; a diverged one would diverge again.
  const seeds = winner.trials.filter(({ state }) => state === 'completed').map(({ seed }) => seed);
  const jobs = await store.beginTesting({ searchId, candidateId: winner.candidateId, seeds });
  if (jobs === null) return;
  logger.info({ searchId, candidateId: winner.candidateId }, 'all candidates are ranked; the winner is tested');
  await queue.add(jobs);
}

async function endTested(outcome: SearchOutcome, { store, logger }: ConductorOptions): Promise<void> {
  const trials = [...outcome.candidates.flatMap((candidate) => candidate.trials), ...outcome.testTrials];
  const state = trials.some((trial) => trial.state === 'failed') ? 'completed_with_failures' : 'completed';
  const { searchId } = outcome;
  if (await store.endSearch({ searchId, state })) logger.info({ searchId, state }, 'the search has ended');
}

/**
 * Adds all queued trials again when the queue waits on fewer. A job that a worker has just taken and not yet claimed
 * looks like a lost one for a moment, which is harmless: the queue leaves a job that it has alone.
 */
async function refillQueue({ store, queue, logger }: ConductorOptions): Promise<void> {
  const [queued, { waiting }] = await Promise.all([store.countQueued(), queue.counts()]);
  if (waiting >= queued) return;
  logger.debug({ queued, waiting }, 'the queue holds fewer trials than are to be run; it is filled again');
  let cursor: string | undefined;
  do {
    const page = await store.queuedTrials({ limit: pageSize, cursor });
    await queue.add(page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}
