import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Epoch, TrainingEvent, TrialSpecification } from '@compound-search/contracts';
import { type RandomStream, randomStream } from '@compound-search/random';
import { startTraining, type TrainingEnd } from '@compound-search/training';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { checkpointFolder } from '../../src/trial/checkpoints.ts';
import { restlessRecipe, shapesSpecification } from '../shapes-specification.ts';

let trainingFolder: string;
beforeAll(async () => {
  trainingFolder = await mkdtemp(path.join(os.tmpdir(), 'compound-search-resume-'));
});
afterAll(() => rm(trainingFolder, { recursive: true, force: true }));

interface Run {
  readonly end: TrainingEnd;
  readonly epochs: readonly Epoch[];
  readonly warnings: readonly string[];
  /** The first one that was trained; those before came from a checkpoint. */
  readonly firstStep: number | undefined;
}

/** Trains until the end, or until the event at which `isLast` says so, where the child is killed after a pause. */
async function train(
  specification: TrialSpecification,
  isLast: (event: TrainingEvent) => boolean = () => false,
  pause = 0,
): Promise<Run> {
  const epochs: Epoch[] = [];
  const warnings: string[] = [];
  let firstStep: number | undefined;
  const training = startTraining(specification, {
    trainingFolder,
    onEvent: (event) => {
      if (event.type === 'epoch') epochs.push(event.epoch);
      if (event.type === 'warning') warnings.push(event.message);
      if (event.type === 'progress') firstStep ??= event.step;
      if (isLast(event)) void sleep(pause).then(() => training.kill());
    },
  });
  return { end: await training.ended, epochs, warnings, firstStep };
}

/** As the store hands a trial out again. */
function nextAttempt(specification: TrialSpecification): TrialSpecification {
  return { ...specification, attempt: specification.attempt + 1 };
}

function restless(): TrialSpecification {
  const split = { trainImages: 320, validationImages: 100, seed: 0 };
  return shapesSpecification({ split, recipe: { ...restlessRecipe, epochs: 5 } });
}

function completed({ end }: Run) {
  if (end.type !== 'completed') throw new Error(`The training ended as ${JSON.stringify(end)}`);
  return end.result;
}

function curve({ epochs }: Run) {
  return epochs.map((epoch) => ({ ...epoch, seconds: 0 }));
}

describe('a training that is killed', () => {
  it('ends with the bits of one that was not, wherever and however often it is killed: 20 times', async () => {
    const undisturbed = await train(restless());
    const expected = { ...completed(undisturbed), imagesPerSecond: expect.any(Number) as number };
    /** Kills trial after trial, and lets each go on until it completes; returns how many went on from a checkpoint. */
    const disturb = async (kills: number, random: RandomStream): Promise<number> => {
      let specification = restless();
      let resumed = 0;
      for (let killed = 0; killed < kills;) {
        // 0 is the start. The pause spreads the kills over steps, evaluations and the writing of checkpoints.
        const after = random.nextBelow(5);
        const isLast = (event: TrainingEvent): boolean =>
          after === 0 ? event.type === 'started' : event.type === 'epoch' && event.epoch.epoch === after;
        const run = await train(specification, isLast, random.nextBelow(300));
        if (run.end.type === 'completed') {
          specification = restless();
          continue;
        }
        killed += 1;
        if ((await checkpointsOf(specification)).length > 0) resumed += 1;
        specification = nextAttempt(specification);
        if (killed % 5 > 0) continue;
        const whole = await train(specification);
        expect(completed(whole)).toMatchObject(expected);
        expect(curve(whole)).toEqual(curve(undisturbed));
        specification = restless();
      }
      return resumed;
    };
    const resumed = await Promise.all(['first', 'second'].map((lane) => disturb(10, randomStream(1, lane))));
    expect(Math.min(...resumed)).toBeGreaterThan(2);
  }, 900_000);

  it.each([
    ['variables', 'variables.data-00000-of-00001'],
    ['progress', 'progress.json'],
  ])('says so and starts over where the %s of its only checkpoint are damaged', async (_, file) => {
    const specification = shapesSpecification({ recipe: { epochs: 3 } });
    const checkpoint = await checkpointOfKilled(specification);
    await damage(path.join(checkpoint, file));
    const run = await train(nextAttempt(specification));
    expect(run.warnings).toEqual([expect.stringContaining(`The checkpoint ${checkpoint} cannot be read`)]);
    expect(run.firstStep).toBe(1);
    expect(curve(run)).toEqual(curve(await train(shapesSpecification({ recipe: { epochs: 3 } }))));
  });

  it('goes on from the checkpoint of an earlier attempt where that of the last one is damaged', async () => {
    const specification = shapesSpecification({ recipe: { epochs: 3 } });
    const whole = await checkpointOfKilled(specification);
    const damaged = whole.replace(`${path.sep}1${path.sep}`, `${path.sep}2${path.sep}`);
    await cp(whole, damaged, { recursive: true });
    await damage(path.join(damaged, 'variables.data-00000-of-00001'));
    const run = await train({ ...specification, attempt: 3 });
    expect(run.warnings).toEqual([expect.stringContaining(damaged)]);
    expect(run.firstStep).toBe(Number(whole.split('step-').at(-1)) + 1);
    expect(curve(run)).toEqual(curve(await train(shapesSpecification({ recipe: { epochs: 3 } }))));
  });

  it('leaves its checkpoint alone when it comes back with another recipe', async () => {
    const specification = shapesSpecification({ recipe: { epochs: 3 } });
    await train(specification, (event) => event.type === 'epoch' && event.epoch.epoch === 2);
    const other = await train({ ...specification, recipe: { ...specification.recipe, learningRate: 0.004 } });
    const undisturbed = await train(shapesSpecification({ recipe: { epochs: 3, learningRate: 0.004 } }));
    expect(completed(other).weightsHash).toBe(completed(undisturbed).weightsHash);
  });
});

/** Folders of the whole checkpoints of all attempts. */
async function checkpointsOf({ trialId }: TrialSpecification): Promise<string[]> {
  const folder = checkpointFolder(trainingFolder, trialId);
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => path.basename(name).startsWith('step-')).map((name) => path.join(folder, name));
}

/** Kills a training in its third epoch, and returns the folder of the one checkpoint that it leaves. */
async function checkpointOfKilled(specification: TrialSpecification): Promise<string> {
  await train(specification, (event) => event.type === 'epoch' && event.epoch.epoch === 2);
  const [checkpoint = ''] = await checkpointsOf(specification);
  return checkpoint;
}

async function damage(file: string): Promise<void> {
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, bytes.length / 2));
}
