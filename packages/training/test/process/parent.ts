/** A process that starts the training given as JSON, says its child's id once that trains, and waits to be killed. */
import { trialSpecificationSchema } from '@compound-search/contracts';
import { startTraining } from '@compound-search/training';

const specification = trialSpecificationSchema.parse(JSON.parse(process.argv[2] ?? ''));
const training = startTraining(specification, {
  onEvent: (event) => {
    if (event.type === 'started') process.stdout.write(`${training.pid}\n`);
  },
});
