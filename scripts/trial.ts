/**
 * One trial by hand, without services: `npm run trial -- --baseline efficientnet-micro --dataset shapes --depth 1.2 --width 1.1
 * --resolution 1.15 --seed 1 --recipe '{"epochs":2}'`. Everything may be left out. It prints the process identifier of the
 * training child, for a debugger or a profiler, then what the child reports, one JSON object a line.
 */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';

import { recipeSchema, splitSchema, trialSpecificationSchema } from '@compound-search/contracts';
import { findDataset } from '@compound-search/datasets';
import { buildNetwork, candidateArchitecture, findBaseline, fingerprint } from '@compound-search/networks';
import { startTraining } from '@compound-search/training';

const { values } = parseArgs({
  options: {
    baseline: { type: 'string', default: 'efficientnet-micro' },
    dataset: { type: 'string', default: 'shapes' },
    depth: { type: 'string', default: '1' },
    width: { type: 'string', default: '1' },
    resolution: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    device: { type: 'string', default: 'cpu' },
    split: { type: 'string', default: '{"trainImages":640,"validationImages":300}' },
    recipe: { type: 'string', default: '{"epochs":2}' },
  },
});

const baseline = findBaseline(values.baseline);
const multipliers = {
  depth: Number(values.depth),
  width: Number(values.width),
  resolution: Number(values.resolution),
};
const recipe = recipeSchema.parse(JSON.parse(values.recipe));
const { image, classes } = await findDataset(values.dataset);
const network = buildNetwork(
  candidateArchitecture({ baseline, multipliers, channels: image.channels, classes, recipe }),
);
const specification = trialSpecificationSchema.parse({
  trialId: randomUUID(),
  attempt: 1,
  purpose: 'ranking',
  baseline,
  multipliers,
  fingerprint: fingerprint(network),
  dataset: values.dataset,
  split: splitSchema.parse(JSON.parse(values.split)),
  recipe,
  seed: Number(values.seed),
  device: values.device,
});

const training = startTraining(specification, { onEvent: (event) => console.log(JSON.stringify(event)) });
console.log(JSON.stringify({ type: 'process', pid: training.pid }));
const end = await training.ended;
if (end.type !== 'completed') process.exitCode = 1;
