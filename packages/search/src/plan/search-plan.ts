import type { SearchPlan, SearchRequest } from '@compound-search/contracts';
import type { HistoryStore } from '@compound-search/store';

import { earlierSpread, tooFewSeeds } from './earlier-spread.ts';
import { type PlanLimits, planRequest } from './plan-request.ts';
import { type RegisteredBaselines, resolveBaseline } from './resolve-baseline.ts';
import { expectedTime, workOf } from './work.ts';

/** What planning needs of its surroundings. */
export interface Planning {
  readonly store: RegisteredBaselines & HistoryStore;
  readonly limits: PlanLimits;
  readonly dataRoot: string | undefined;
}

/**
 * What a search would come to, in work and time too, and whether earlier searches say that it will tell nothing.
 *
 * @throws CompoundSearchError what resolveBaseline and planRequest throw, DEPENDENCY_UNAVAILABLE.
 */
export async function planWithHistory(
  { store, limits, dataRoot }: Planning,
  request: SearchRequest,
): Promise<SearchPlan> {
  const baseline = await resolveBaseline(request.baseline, store);
  const plan = await planRequest(request, baseline, limits, dataRoot);
  const { dataset, split, device, seeds } = request;
  const [trainings, scores] = await Promise.all([
    store.recentTrainings(device),
    store.earlierScores({ baseline: baseline.name, dataset, split }),
  ]);
  const work = workOf(request, plan.candidates);
  const warnings = tooFewSeeds(seeds.length, earlierSpread(scores));
  return {
    ...plan,
    notes: [...plan.notes, ...warnings.map(({ message }) => message)],
    work,
    expected: expectedTime(work, trainings),
    warnings: [...plan.warnings, ...warnings],
  };
}
