/**
 * Which candidate is trained next. Pure: decisions are functions of the request and of results, so that neither the order
 * in which trainings end nor the number of slots changes them.
 */
export { decideNext, openingDecisions } from './decide.ts';
export type { AllocationCandidate, AllocationRequest, AssignedTraining, Outcome } from './request.ts';
