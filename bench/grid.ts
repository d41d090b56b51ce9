/**
 * How long the grid of EfficientNet-B0 at a step of 0.01 takes on one core, from ranges to distinct networks with exact
 * costs: `npm run bench:grid`. The first pass starts with nothing remembered, as a service that has just started.
 */
import { constraintSchema } from '@compound-search/contracts';
import { planSearch } from '@compound-search/grid';
import { buildNetwork, findBaseline, fingerprint, scaleBaseline } from '@compound-search/networks';

function axis(to: number) {
  return { from: 1, to, step: 0.01 };
}
const request: Parameters<typeof planSearch>[0] = {
  grid: { alpha: axis(2), beta: axis(1.42), gamma: axis(1.42) },
  constraint: constraintSchema.parse({ target: 2, tolerance: 0.1 }),
  baseline: findBaseline('efficientnet-b0'),
  image: { height: 224, width: 224 },
  limits: { maximumCandidates: 100_000 },
};

/** 215 values, so that three axes of them are ten million points. */
function fine(to: number) {
  return { from: 1, to, step: (to - 1) / 214 };
}

function timed<Result>(label: string, work: () => Result): Result {
  const start = performance.now();
  const usedBefore = process.cpuUsage();
  const result = work();
  const used = process.cpuUsage(usedBefore);
  const wall = (performance.now() - start).toFixed(0);
  const core = ((used.user + used.system) / 1000).toFixed(0);
  console.log(`${label.padEnd(66)} ${wall.padStart(6)} ms, ${core.padStart(6)} ms of processor`);
  return result;
}

const plan = timed('expand, constrain, scale, cost, fingerprint and deduplicate', () => planSearch(request));
const layers = timed('build the layers of every distinct network', () => {
  let count = 0;
  for (const { multipliers } of plan.candidates) {
    count += buildNetwork(scaleBaseline(request.baseline, multipliers)).layers.length;
  }
  return count;
});
timed('expand to deduplicate once more, with known blocks remembered', () => planSearch(request));
timed('check: fingerprints of the built layers are those of the plan', () => {
  for (const { multipliers, fingerprint: planned } of plan.candidates) {
    const built = fingerprint(buildNetwork(scaleBaseline(request.baseline, multipliers)));
    if (built !== planned) throw new Error(`The network at ${JSON.stringify(multipliers)} is not the planned one.`);
  }
});
const exact = { ...request, constraint: constraintSchema.parse({ measure: 'macs', target: 2, tolerance: 0.1 }) };
const held = timed('the same grid held to exact multiply-adds', () => planSearch(exact));
const large = timed('ten million points held to exact multiply-adds within 0.002', () =>
  planSearch({
    ...exact,
    grid: { alpha: fine(2), beta: fine(1.42), gamma: fine(1.42) },
    constraint: { ...exact.constraint, tolerance: 0.002 },
  }),
);
const tuned = timed('steps of 0.05 with the resolution tuned, within 0.02', () =>
  planSearch({
    ...exact,
    grid: {
      alpha: { from: 1, to: 2, step: 0.05 },
      beta: { from: 1, to: 1.4, step: 0.05 },
      gamma: { from: 1, to: 1.4, step: 0.05 },
    },
    constraint: { ...exact.constraint, tolerance: 0.02, tuneResolution: true },
  }),
);
function describe({ points, feasiblePoints, candidates }: typeof plan): string {
  const ratios = candidates.map(({ macsRatio }) => macsRatio);
  const [least, most] = [Math.min(...ratios).toFixed(3), Math.max(...ratios).toFixed(3)];
  return `${points} points, ${feasiblePoints} feasible, ${candidates.length} networks of ${least} to ${most} times B0`;
}
for (const one of [plan, held, large, tuned]) console.log(describe(one));
console.log(
  `${plan.points} points, ${plan.feasiblePoints} feasible, ${plan.candidates.length} distinct networks, ${layers} layers`,
);
