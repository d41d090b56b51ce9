/** A process that runs the training given as JSON in a folder, and prints every event as a line of JSON. */
import { trialSpecificationSchema } from '@compound-search/contracts';
import { startTraining } from '@compound-search/training';

const [specification = '', trainingFolder = ''] = process.argv.slice(2);
const training = startTraining(trialSpecificationSchema.parse(JSON.parse(specification)), {
  trainingFolder,
  onEvent: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
});
const end = await training.ended;
// What a dead child could not say itself.
process.stdout.write(`${JSON.stringify(end)}\n`);
