/**
 * From ranges to candidates: axes, the constraint, and the distinct networks that the feasible points round to. Pure.
 * The API imports it. It imports contracts, scaling and networks.
 */
export { axisLength, type AxisLimits, type AxisName, axisNames, expandAxis } from './axis.ts';
export { type ComparedNetwork, type ComparisonPlanRequest, planComparison } from './comparison.ts';
export { type FeasiblePoints, findFeasiblePoints } from './feasible-points.ts';
export type { GridLimits } from './listed-grid.ts';
export { type GridPlan, type PlanLimits, type PlanRequest, planSearch, planSteps } from './plan.ts';
export { refineGrid } from './refine-grid.ts';
export { representativePoint } from './representative-point.ts';
