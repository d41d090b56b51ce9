import type { SearchPlan, SearchView } from '@compound-search/contracts';

import { formatCoefficient, formatCount, formatRatio, formatResolution, formatSeconds } from '../formatting/numbers.ts';
import { type Column, renderTable } from '../formatting/table.ts';
import { isLabelled, shortLabelOf } from './point-labels.ts';

const label: Column = { title: 'label' };

const columns: readonly Column[] = [
  { title: 'alpha', align: 'right' },
  { title: 'beta', align: 'right' },
  { title: 'gamma', align: 'right' },
  { title: 'product', align: 'right' },
  { title: 'points', align: 'right' },
  { title: 'MACs', align: 'right' },
  { title: 'ratio', align: 'right' },
  { title: 'parameters', align: 'right' },
  { title: 'activations', align: 'right' },
  { title: 'resolution', align: 'right' },
  { title: 'blocks' },
  { title: 'channels' },
];

/** What a grid comes to: how many points are left at each step, and each candidate with its exact cost. */
export function renderPlan(plan: SearchPlan): string {
  const { baseline } = plan;
  const labelled = isLabelled(plan.candidates);
  const rows = plan.candidates.map((candidate) => {
    const [nearest] = candidate.points;
    return [
      ...(labelled ? [shortLabelOf(candidate.points)] : []),
      ...[nearest?.alpha, nearest?.beta, nearest?.gamma].map((value) =>
        value === undefined ? '' : formatCoefficient(value),
      ),
      nearest === undefined ? '' : formatRatio(nearest.product, 3),
      String(candidate.points.length),
      formatCount(candidate.macs),
      formatRatio(candidate.macsRatio),
      formatCount(candidate.parameters),
      formatCount(candidate.activations),
      formatResolution(candidate.resolution),
      candidate.repeats.join(' '),
      candidate.channels.join(' '),
    ];
  });
  return [
    planFunnel({ points: plan.points, feasiblePoints: plan.feasiblePoints, candidates: plan.candidates.length }),
    `Baseline: ${formatCount(baseline.macs)} MACs, ${formatCount(baseline.parameters)} parameters, ` +
      `resolution ${formatResolution(baseline.resolution)}.`,
    describeFallenAway(plan),
    describeWork(plan),
    ...plan.notes.map((sentence) => (isWarning(plan, sentence) ? `Warning: ${sentence}` : note(sentence))),
    renderTable(labelled ? [label, ...columns] : columns, rows),
  ].join('\n');
}

function isWarning({ warnings }: SearchPlan, sentence: string): boolean {
  return warnings.some(({ message }) => message === sentence);
}

/** Reasons why points are no candidates of their own, those that apply. */
function describeFallenAway({ fellAway }: SearchPlan): string {
  const reasons = [
    [fellAway.outsideConstraint, 'outside the constraint'],
    [fellAway.belowMinimum, 'solved below the minimum'],
    [fellAway.overMaximum, 'over a maximum'],
    [fellAway.unbuildable, 'larger than what can be costed'],
    [fellAway.samePoint, 'tuned to another point'],
    [fellAway.sameNetwork, 'the same network as another point'],
  ] as const;
  const applying = reasons.filter(([count]) => count > 0).map(([count, reason]) => `${count} ${reason}`);
  return applying.length === 0 ? 'No point fell away.' : `Fell away: ${applying.join(', ')}.`;
}

function describeWork({ work, expected }: SearchPlan): string {
  const most = work.atMost ? 'at most ' : '';
  const amount = `Work: ${most}${counted(work.trials, 'trial')}, ${most}${formatCount(work.macsTimesImages)} MACs x images`;
  if (expected === null) return `${amount}; how long that takes is known once a trial has completed here.`;
  const measured = counted(expected.trials, 'earlier trial');
  return `${amount}; ${most}about ${formatSeconds(expected.seconds)} at the speed of ${measured}.`;
}

/** How many are left at each step from the grid to what is trained. */
export interface Funnel {
  readonly points: number;
  readonly feasiblePoints: number;
  readonly candidates: number;
  readonly trials?: number;
}

/** `125 points -> 9 feasible -> 7 candidates -> 14 trials`. */
export function planFunnel({ points, feasiblePoints, candidates, trials }: Funnel): string {
  return [
    counted(points, 'point'),
    `${feasiblePoints} feasible`,
    counted(candidates, 'candidate'),
    ...(trials === undefined ? [] : [counted(trials, 'trial')]),
  ].join(' -> ');
}

/** The same of a search that has been stored. One that decides on the way has no more trials yet than it begins with. */
export function searchFunnel(search: SearchView): string {
  const funnel = planFunnel({ ...search, trials: search.trials.total });
  return search.request.strategy.kind === 'full' ? funnel : `${funnel} to begin with`;
}

/** A sentence that a person should read. */
export function note(sentence: string): string {
  return `Note: ${sentence}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
