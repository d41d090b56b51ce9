import { constraintSchema, type FellAway, type SearchPlan, type SearchRequestInput } from '@compound-search/contracts';

import { plannedMarks } from '../charts/candidate-marks.ts';
import type { Exponents } from '../charts/triangle.ts';
import { TriangleChart } from '../charts/triangle-chart.tsx';
import { counted, formatCount, formatSeconds } from '../formatting/numbers.ts';
import { Refusal } from '../parts/refusal.tsx';
import { service } from '../service.ts';
import { useOnce } from '../use-reading.ts';
import { type Draft, parseRequest, valueAt } from './request-text.ts';

/** What a request would come to; the service answers for it without storing anything. */
export function Plan({ text }: { readonly text: string }) {
  const { value, error } = useOnce(text, async () => {
    const parsed = parseRequest(text);
    if ('fault' in parsed) return undefined;
    // The service says what is wrong with it.
    const plan = await service().plan(parsed.request as SearchRequestInput);
    return { plan, exponents: exponentsOf(parsed.request) };
  });
  if (error !== undefined) return <Refusal error={error} />;
  if (value === undefined) return <p class="quiet">Counting.</p>;
  return <PlanText {...value} />;
}

/** Of a request that the service has taken. */
function exponentsOf(request: Draft): Exponents {
  return constraintSchema.shape.exponents.parse(valueAt(request, ['constraint', 'exponents']));
}

function PlanText({ plan, exponents }: { readonly plan: SearchPlan; readonly exponents: Exponents }) {
  const { work, expected, candidates } = plan;
  const ratios = candidates.map(({ macsRatio }) => macsRatio);
  const most = work.atMost ? 'at most ' : '';
  return (
    <>
      <p class="funnel">
        {counted(plan.points, 'point')} → {plan.feasiblePoints} feasible → {counted(candidates.length, 'candidate')} →{' '}
        {most}
        {counted(work.trials, 'trial')}
      </p>
      <p>
        Exact cost: {Math.min(...ratios).toFixed(2)} to {Math.max(...ratios).toFixed(2)} times the baseline's{' '}
        {formatCount(plan.baseline.macs)} multiply-adds.
      </p>
      <p>
        {expected === null
          ? 'How long it takes is known once a trial has completed here.'
          : `It takes ${most}about ${formatSeconds(expected.seconds)} at the speed of ${counted(expected.trials, 'earlier trial')}.`}
      </p>
      <figure class="plan">
        <TriangleChart marks={plannedMarks(candidates, exponents)} exponents={exponents} isByLoss={false} />
        <figcaption class="legend">Its candidates. A line joins points that are one network.</figcaption>
      </figure>
      <FellAwayList fellAway={plan.fellAway} />
      {plan.notes.map((note) => (
        <p key={note} class="notice">
          {note}
        </p>
      ))}
    </>
  );
}

const reasons: Readonly<Record<keyof FellAway, string>> = {
  outsideConstraint: 'are not near enough to the cost target',
  belowMinimum: 'would need a coefficient below the minimum',
  overMaximum: 'cost more than the maximum',
  unbuildable: 'are larger than can be costed',
  samePoint: 'became another point when the resolution was tuned',
  sameNetwork: 'round to the network of another point',
};

function FellAwayList({ fellAway }: Pick<SearchPlan, 'fellAway'>) {
  const given = Object.entries(reasons).flatMap(([reason, text]) => {
    const count = fellAway[reason as keyof FellAway];
    return count === 0 ? [] : [`${count} ${text}`];
  });
  if (given.length === 0) return null;
  return <p class="quiet">Of the points {given.join(', ')}.</p>;
}
