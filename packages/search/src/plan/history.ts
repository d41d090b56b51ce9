import type { PlanWarning, SearchRequest } from '@compound-search/contracts';
import type { EarlierScores, HistoryStore, RecentTraining } from '@compound-search/store';

import { earlierSpread, tooFewSeeds } from './earlier-spread.ts';
import { idleSlots, slotsSeen } from './idle-slots.ts';

/** What there is to learn from before a search is started. */
export interface History {
  /** On the same kind of device. */
  readonly trainings: readonly RecentTraining[];
  /** Of searches with the same baseline, data and split. */
  readonly scores: readonly EarlierScores[];
}

/**
 * What earlier searches have left that are like this one; `baseline` is the name of its network.
 *
 * @throws CompoundSearchError DEPENDENCY_UNAVAILABLE.
 */
export async function readHistory(
  store: HistoryStore,
  { dataset, split, device }: SearchRequest,
  baseline: string,
): Promise<History> {
  const [trainings, scores] = await Promise.all([
    store.recentTrainings(device),
    store.earlierScores({ baseline, dataset, split }),
  ]);
  return { trainings, scores };
}

/** What earlier searches say against this one. */
export function historyWarnings(request: SearchRequest, { trainings, scores }: History): PlanWarning[] {
  // How accuracies have spread says nothing of losses.
  const spread = request.objective.kind === 'loss' ? null : earlierSpread(scores);
  return [...tooFewSeeds(request, spread), ...idleSlots(request.strategy, slotsSeen(trainings))];
}
