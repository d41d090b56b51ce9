// A training child of the tests' own: a real process that speaks the protocol and does what the data set's name says,
// e.g. `scripted:steps=20,pause=5,end=completed`. It ends by itself when its parent has gone.
import { setTimeout as pauseOf } from 'node:timers/promises';

let cancelled = false;

process.on('disconnect', () => process.exit(0));
process.on('message', (command) => {
  if (command.type === 'cancel') cancelled = true;
  else void train(command.specification).then(() => process.disconnect());
});

function send(event) {
  return new Promise((resolve) => process.send(event, undefined, undefined, resolve));
}

function scriptOf({ dataset }) {
  return {
    steps: 4,
    pause: 0,
    end: 'completed',
    ...Object.fromEntries(
      dataset
        .replace('scripted:', '')
        .split(',')
        .map((part) => part.split('='))
        .map(([key, value]) => [key, Number.isNaN(Number(value)) ? value : Number(value)]),
    ),
  };
}

const engine = {
  tensorflow: 'none',
  device: 'cpu',
  platform: process.platform,
  threads: 1,
  datasetHash: 'a'.repeat(64),
  fingerprint: 'b'.repeat(64),
};

async function train(specification) {
  const { steps, pause, end, warning, say } = scriptOf(specification);
  await send({ type: 'started', engine, steps, resumedFrom: null });
  if (say !== undefined) await speak(say);
  if (end === 'unloadable') {
    const message = 'Native TensorFlow cannot be loaded: no such file';
    return send({ type: 'failed', failure: { code: 'TENSORFLOW_UNAVAILABLE', message, step: null } });
  }
  if (warning !== undefined) await send({ type: 'warning', message: `The disk is ${warning}` });
  for (let step = 1; step <= steps; step += 1) {
    if (pause > 0) await pauseOf(pause);
    if (cancelled && end !== 'deaf') return send({ type: 'cancelled' });
    if (end === 'crash' && step === 2) process.kill(process.pid, 'SIGKILL');
    await send({ type: 'progress', step, loss: 1 / step });
    if (end === 'diverged' && step === 2) {
      return send({ type: 'failed', failure: { code: 'TRIAL_DIVERGED', message: 'The loss is not finite', step } });
    }
    if (step % 2 === 0) await send({ type: 'epoch', epoch: epochAt(step) });
    if (step / 2 === specification.epochs && step < steps) return send({ type: 'paused', epoch: step / 2 });
  }
  if (end === 'silent') return;
  const result = resultOf(specification, steps);
  if (specification.purpose !== 'model') return send({ type: 'completed', result });
  return send({ type: 'completed', result, savedModel: Uint8Array.from({ length: 5000 }, (_, index) => index % 251) });
}

const megabyte = 'x'.repeat(2 ** 20);

/** So many megabytes, and then what PostgreSQL cannot hold. */
async function speak(megabytes) {
  for (let written = 0; written < megabytes; written += 1) await print(process.stdout, megabyte);
  await print(process.stdout, 'A NUL: \0.\n');
  await print(process.stderr, 'No memory is left.\n');
}

function print(stream, text) {
  return new Promise((resolve) => stream.write(text, resolve));
}

function epochAt(step) {
  return {
    epoch: step / 2,
    step,
    learningRate: 0.01,
    trainLoss: 1 / step,
    trainAccuracy: 0.5,
    validationLoss: 1 / step,
    validationAccuracy: 0.5,
    seconds: 0.1,
  };
}

// The multipliers that arrived decide the result, so that a mix-up of trials shows in the leaderboard.
function resultOf({ multipliers, seed, purpose }, steps) {
  return {
    validationAccuracy:
      (multipliers.depth + multipliers.width / 100 + multipliers.resolution / 10_000 + seed / 1e6) / 100,
    validationLoss: 0.5,
    testAccuracy: purpose === 'test' || purpose === 'model' ? 0.25 : null,
    steps,
    imagesPerSecond: 100,
    weightsHash: 'c'.repeat(64),
  };
}
