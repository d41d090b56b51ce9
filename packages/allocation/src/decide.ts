import type { Decision } from '@compound-search/contracts';

import { emptyBatch } from './batch.ts';
import { dropsSoFar, leftBehind } from './drops.ts';
import { openFull } from './full.ts';
import { decideHalving, openHalving } from './halving.ts';
import { dealOut, noEvidence } from './opening.ts';
import { decideRacing, openRacing } from './racing.ts';
import type { AllocationRequest, AssignedTraining } from './request.ts';
import { spendingOf } from './spending.ts';
import { isUnderWay, type Standing, takeStock } from './standing.ts';

/** The decisions that need no results, from round 1 on: at least one. Their trainings can all be queued at once. */
export function openingDecisions(request: AllocationRequest): Decision[] {
  const { strategy } = request;
  if (strategy.kind === 'full') return openFull(request);
  const standings = takeStock(request, 1, []);
  const everything = { batch: Infinity, budget: strategy.budget };
  const batch = emptyBatch(request, everything, spendingOf(request, standings));
  if (strategy.kind === 'racing') openRacing(request, strategy, batch, standings);
  else openHalving(request, strategy, batch, standings);
  const rounds = dealOut(batch.assignments, strategy.batch);
  // How long trainings take is known only as they end, and two rounds are under way at a time.
  return strategy.budget.trainingMinutes === undefined ? rounds : rounds.slice(0, 2);
}

type Finding = Omit<Decision, 'round' | 'drops'>;

function decideFrom(request: AllocationRequest, round: number, standings: readonly Standing[]): Finding {
  const { strategy } = request;
  switch (strategy.kind) {
    case 'full':
      return { assignments: [], stop: standings.some(isUnderWay) ? null : 'exhausted', evidence: noEvidence };
    case 'racing':
      return decideRacing(request, strategy, { round, standings });
    case 'halving':
      return decideHalving(request, strategy, standings);
  }
}

/** What was known when the round before was decided; null where that needed no results. */
function standingsBefore(
  request: AllocationRequest,
  { round, openingRounds }: { round: number; openingRounds: number },
  assigned: readonly AssignedTraining[],
): Standing[] | null {
  if (round - 1 <= openingRounds) return null;
  return takeStock(
    request,
    round - 1,
    assigned.filter((one) => one.round < round - 1),
  );
}

/**
 * The decision of a round after the opening ones, from all assignments of the rounds before, in any order. Outcomes of
 * round `round` - 1 are left out of account even where they are known, since they are known by chance.
 *
 * A decision that neither assigns nor stops waits for what is under way. Once nothing is, the next one assigns or stops.
 *
 * @throws RangeError for a round of the opening, for an outcome of an earlier round that is still open, and for
 * assignments that earlier rounds cannot have made.
 */
export function decideNext(request: AllocationRequest, round: number, assigned: readonly AssignedTraining[]): Decision {
  const openingRounds = openingDecisions(request).length;
  if (round <= openingRounds) throw new RangeError(`Round ${round} is one of the ${openingRounds} opening rounds.`);
  const standings = takeStock(request, round, assigned);
  const finding = decideFrom(request, round, standings);
  const dropped = dropsSoFar(request, standings);
  const before = standingsBefore(request, { round, openingRounds }, assigned);
  const known = new Set(before === null ? [] : dropsSoFar(request, before).map(({ fingerprint }) => fingerprint));
  const drops = dropped.filter(({ fingerprint }) => !known.has(fingerprint));
  if (finding.stop !== null) drops.push(...leftBehind(standings, dropped, finding.stop));
  return { round, ...finding, drops };
}
