/** An engine process: the training graph of packages/training, run as a trial runs it. */
import { batchNormalizationOfEnvironment, loadAddon, Trainer } from '@compound-search/training';

import { batchOf, initialWeights, readJob, trainerRequest } from './job.ts';
import { serveEngine } from './serve-engine.ts';

const directory = process.argv[2];
if (directory === undefined) throw new Error('The folder of a job is expected');
const read = await readJob(directory);
const { job } = read;
const addon = loadAddon();
const trainer = await Trainer.create(addon, {
  ...trainerRequest(read),
  batchNormalization: batchNormalizationOfEnvironment(),
});
const seed = 1;
trainer.initialize(seed);
const weights = initialWeights(read);
const variables = trainer.exportVariables();
for (const [name, { values }] of weights) {
  if (variables[name]?.length !== values.length)
    throw new Error(`The graph has no variable ${name} of ${values.length} elements`);
  variables[name] = values;
}
trainer.importVariables(variables);
// The optimizer keeps one momentum for each trained parameter, and none for moving statistics.
const momenta = Object.entries(variables).filter(([name]) => name.endsWith('/momentum'));
const parameters = momenta.reduce((sum, [, values]) => sum + values.length, 0);

await serveEngine(
  {
    description: `one graph a step, TensorFlow ${addon.TF_Version}`,
    parameters,
    train: (step) => trainer.step(batchOf(read, step), { step, seed }).loss,
  },
  job,
);
