import { searchStates, searchTrialPurposes, trialStates } from '@compound-search/contracts';
import type { QueueCounts, TrialQueue } from '@compound-search/queue';
import type { Statistics, StatisticsStore } from '@compound-search/store';
import { Gauge, Registry } from 'prom-client';

/** What the state of the service is read from. */
export interface ServiceParts {
  readonly store: StatisticsStore;
  readonly queue: Pick<TrialQueue, 'counts'>;
}

/** Is told what does not answer. */
export type OnSilence = (dependency: string, error: unknown) => void;

/**
 * The state of record and queue as metrics. It is that of the whole service, whichever process tells it. What does not
 * answer has no values but that: an old one would look like one of now.
 */
export async function readServiceState({ store, queue }: ServiceParts, onSilence: OnSilence): Promise<Registry> {
  const registry = new Registry();
  const up = new Gauge({
    name: 'compound_search_dependency_up',
    help: 'Whether the database and the queue answer: 1 or 0.',
    labelNames: ['dependency'],
    registers: [registry],
  });
  const tell = async <T>(dependency: string, answer: Promise<T>, show: (value: T) => void): Promise<void> => {
    try {
      show(await answer);
      up.set({ dependency }, 1);
    } catch (error) {
      up.set({ dependency }, 0);
      onSilence(dependency, error);
    }
  };
  await Promise.all([
    tell('database', store.readStatistics(), (statistics) => showRecord(registry, statistics)),
    tell('queue', queue.counts(), (counts) => showQueue(registry, counts)),
  ]);
  return registry;
}

/** Every state has a value: one that came with its first trial would have no rise that could be seen. */
function showRecord(registry: Registry, statistics: Statistics): void {
  const registers = [registry];
  const trials = new Gauge({
    name: 'compound_search_trials',
    help: 'Trials that searches consist of, by state and purpose.',
    labelNames: ['state', 'purpose'],
    registers,
  });
  const searches = new Gauge({
    name: 'compound_search_searches',
    help: 'Searches by state.',
    labelNames: ['state'],
    registers,
  });
  const wait = new Gauge({
    name: 'compound_search_queue_wait_seconds',
    help: 'How long the longest waiting of the trials that come next in their searches has been queued.',
    registers,
  });
  for (const purpose of searchTrialPurposes) for (const state of trialStates) trials.set({ state, purpose }, 0);
  for (const { state, purpose, trials: count } of statistics.trials) trials.set({ state, purpose }, count);
  for (const state of searchStates) searches.set({ state }, 0);
  for (const { state, searches: count } of statistics.searches) searches.set({ state }, count);
  wait.set(statistics.queueWaitSeconds);
}

function showQueue(registry: Registry, { waiting, active }: QueueCounts): void {
  const jobs = new Gauge({
    name: 'compound_search_queue_jobs',
    help: 'Jobs on the queue by state.',
    labelNames: ['state'],
    registers: [registry],
  });
  jobs.set({ state: 'waiting' }, waiting);
  jobs.set({ state: 'active' }, active);
}
