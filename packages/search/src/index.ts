/** The life of a search: planned, started, advanced, answered. No HTTP in it; apps/api is what calls it. */
export { reconcile, type Reconciliation } from './advance/reconcile.ts';
export { createReconciler, type Reconciler, type ReconcilerOptions } from './advance/reconciler.ts';
export { readCoefficients } from './answer/coefficients.ts';
export { type LeaderboardPage, readLeaderboard } from './answer/leaderboard.ts';
export { leaderboardCsv, leaderboardCsvColumns } from './answer/leaderboard-csv.ts';
export { extendSearch, type SearchExtension } from './extend/extend-search.ts';
export type { Log } from './log.ts';
export { toModelView } from './model/model-view.ts';
export { startModel } from './model/start-model.ts';
export { fillBaselineRecipe } from './plan/baseline-recipe.ts';
export { type PlanLimits, planRequest } from './plan/plan-request.ts';
export { type RegisteredBaselines, resolveBaseline } from './plan/resolve-baseline.ts';
export { type Planning, planWithHistory } from './plan/search-plan.ts';
export { refineSearch } from './refine/refine-search.ts';
export { compareTrials } from './rerun/compare-trials.ts';
export { startRerun } from './rerun/start-rerun.ts';
export { readResultLines, resultColumns, type ResultFormat, resultFormats } from './results/result-lines.ts';
export { startSearch } from './start/start-search.ts';
