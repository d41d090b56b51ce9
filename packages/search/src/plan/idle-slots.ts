import type { PlanWarning, Strategy } from '@compound-search/contracts';
import type { RecentTraining } from '@compound-search/store';

/**
 * The most trainings that ran at once: as many slots as the workers have had at least. One that starts in the
 * millisecond in which another ends has followed it.
 */
export function slotsSeen(trainings: readonly Pick<RecentTraining, 'startedAt' | 'endedAt'>[]): number {
  const changes = trainings
    .flatMap(({ startedAt, endedAt }) => [
      { at: startedAt, by: 1 },
      { at: endedAt, by: -1 },
    ])
    .sort((one, other) => one.at - other.at || one.by - other.by);
  let running = 0;
  let most = 0;
  for (const { by } of changes) {
    running += by;
    most = Math.max(most, running);
  }
  return most;
}

/**
 * Whether a decision assigns less than the slots could train. The batch decides on the outcome, which must not depend on
 * the slots that there happen to be, so it is for the request to say.
 */
export function idleSlots(strategy: Strategy, slots: number): PlanWarning[] {
  if (strategy.kind === 'full' || strategy.batch >= slots) return [];
  const { batch } = strategy;
  const message =
    `Up to ${slots} trials have run at once here, and a decision of this search assigns ${batch}: slots may stand idle ` +
    `while the next ${batch === 1 ? 'trial is' : 'trials are'} decided on. A "batch" of ${slots} in the strategy keeps ` +
    'them busy.';
  return [{ code: 'SLOTS_IDLE', message }];
}
