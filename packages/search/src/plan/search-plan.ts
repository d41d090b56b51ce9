import type { SearchPlan, SearchRequest } from '@compound-search/contracts';
import type { HistoryStore } from '@compound-search/store';

import { historyWarnings, readHistory } from './history.ts';
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
 * What a search would come to, in work and time too, and what earlier searches say against it.
 *
 * @throws CompoundSearchError what resolveBaseline and planRequest throw, DEPENDENCY_UNAVAILABLE.
 */
export async function planWithHistory(
  { store, limits, dataRoot }: Planning,
  request: SearchRequest,
): Promise<SearchPlan> {
  const baseline = await resolveBaseline(request.baseline, store);
  const plan = await planRequest(request, baseline, limits, dataRoot);
  const history = await readHistory(store, request, baseline.name);
  const work = workOf(request, plan.candidates);
  const warnings = historyWarnings(request, history);
  return {
    ...plan,
    notes: [...plan.notes, ...warnings.map(({ message }) => message)],
    work,
    // How fast those elsewhere are is not known here.
    expected: request.trainings === 'external' ? null : expectedTime(work, history.trainings),
    warnings: [...plan.warnings, ...warnings],
  };
}
