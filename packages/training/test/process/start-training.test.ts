import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Engine, TrainingEvent, TrialSpecification } from '@compound-search/contracts';
import { startTraining, type TrainingEnd } from '@compound-search/training';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { shapesSpecification } from '../shapes-specification.ts';

async function train(specification: TrialSpecification): Promise<{ events: TrainingEvent[]; end: TrainingEnd }> {
  const events: TrainingEvent[] = [];
  const end = await startTraining(specification, { onEvent: (event) => events.push(event) }).ended;
  return { events, end };
}

function completed(end: TrainingEnd) {
  if (end.type !== 'completed') throw new Error(`The training ended as ${JSON.stringify(end)}`);
  return end.result;
}

/** The engine that a training reports whose environment has these settings of the kernels. */
async function engineUnder(settings: Readonly<Record<string, string>>): Promise<Engine> {
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  // The child's environment is made at once.
  const training = train(shapesSpecification({ recipe: { steps: 1 } }));
  vi.unstubAllEnvs();
  const started = (await training).events.find((event) => event.type === 'started');
  if (started === undefined) throw new Error('The training did not start');
  return started.engine;
}

describe('startTraining', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('reports the start, every epoch and the result in this order', async () => {
    const { events, end } = await train(shapesSpecification());
    const order = events.map(({ type }) => type).filter((type) => type !== 'progress');
    expect(order).toEqual(['started', 'epoch', 'epoch', 'completed']);
    expect(events.find((event) => event.type === 'started')).toMatchObject({
      steps: 40,
      engine: { device: 'cpu', threads: 1, program: expect.stringMatching(/^[0-9a-f]{16}$/) as string },
    });
    expect(completed(end)).toMatchObject({ steps: 40, testAccuracy: null });
  });

  it('tells engines of other kernels apart, whose results differ in the last bits', async () => {
    const [on, off, limited] = await Promise.all([
      engineUnder({ TF_ENABLE_ONEDNN_OPTS: '1', COMPOUND_SEARCH_BATCH_NORMALIZATION: 'onednn' }),
      engineUnder({ TF_ENABLE_ONEDNN_OPTS: '0' }),
      engineUnder({ TF_ENABLE_ONEDNN_OPTS: 'true', ONEDNN_MAX_CPU_ISA: 'AVX2' }),
    ]);
    expect([on, off, limited].map(({ settings }) => settings)).toEqual([
      'COMPOUND_SEARCH_BATCH_NORMALIZATION=onednn TF_ENABLE_ONEDNN_OPTS=1',
      'TF_ENABLE_ONEDNN_OPTS=0',
      'COMPOUND_SEARCH_BATCH_NORMALIZATION=tensorflow ONEDNN_MAX_CPU_ISA=AVX2 TF_ENABLE_ONEDNN_OPTS=1',
    ]);
    expect(new Set([on, off, limited].map(({ fingerprint }) => fingerprint)).size).toBe(3);
  });

  it('learns: the drawn shapes are told apart far better than by chance', async () => {
    const { end } = await train(shapesSpecification({ recipe: { epochs: 6 } }));
    expect(completed(end).validationAccuracy).toBeGreaterThan(0.3);
  });

  it('gives the same bits for the same specification, and others for another seed', async () => {
    const [first, second, other] = await Promise.all([
      train(shapesSpecification({ seed: 0 })),
      train(shapesSpecification({ seed: 0 })),
      train(shapesSpecification({ seed: 2 })),
    ]);
    const curve = ({ events }: { events: TrainingEvent[] }) =>
      events.flatMap((event) => (event.type === 'epoch' ? [{ ...event.epoch, seconds: 0 }] : []));
    expect(completed(second.end).weightsHash).toBe(completed(first.end).weightsHash);
    expect(curve(second)).toEqual(curve(first));
    expect(completed(other.end).weightsHash).not.toBe(completed(first.end).weightsHash);
  });

  it('repeats a ranking trial to the bit as a test trial, and then touches the test images', async () => {
    const [ranking, test] = await Promise.all([
      train(shapesSpecification()),
      train(shapesSpecification({ purpose: 'test' })),
    ]);
    expect(completed(test.end)).toMatchObject({
      weightsHash: completed(ranking.end).weightsHash,
      validationAccuracy: completed(ranking.end).validationAccuracy,
    });
    expect(completed(test.end).testAccuracy).toBeGreaterThan(0);
  });

  it('fails a training whose loss is not finite, with the step', async () => {
    // Weights grow by 10 a step while the moving statistics still say 1, so that evaluation overflows through 18 blocks.
    const recipe = { epochs: 1, learningRate: 10, warmupEpochs: 0, batchNormalizationMomentum: 0.999 };
    const { end } = await train(shapesSpecification({ multipliers: { depth: 3, width: 1, resolution: 1 }, recipe }));
    expect(end).toMatchObject({ type: 'failed', failure: { code: 'TRIAL_DIVERGED' } });
    expect(end.type === 'failed' && end.failure.step).toBeGreaterThan(0);
  });

  it('stops between two steps when it is cancelled', async () => {
    const training = startTraining(shapesSpecification({ recipe: { epochs: 1000 } }), {
      onEvent: (event) => {
        if (event.type === 'epoch') training.cancel();
      },
    });
    expect(await training.ended).toEqual({ type: 'cancelled' });
  });

  it('reports a killed child as lost, which may be tried again', async () => {
    const training = startTraining(shapesSpecification({ recipe: { epochs: 1000 } }), {
      onEvent: (event) => {
        if (event.type === 'started') training.kill();
      },
    });
    expect(await training.ended).toMatchObject({ type: 'failed', failure: { code: 'TRIAL_LOST' } });
  });

  it('refuses to train another network than was planned', async () => {
    const { end } = await train(shapesSpecification({ fingerprint: 'of another network' }));
    expect(end).toMatchObject({ type: 'failed', failure: { code: 'NETWORK_INVALID' } });
  });

  it('reports a specification that it cannot read as a failure of the trial, not as a lost process', async () => {
    const { end } = await train(shapesSpecification({ recipe: { epochs: -1 } }));
    expect(end).toMatchObject({ type: 'failed', failure: { code: 'INTERNAL' } });
  });

  it('refuses a batch that the training images do not fill', async () => {
    const { end } = await train(shapesSpecification({ recipe: { batchSize: 641 } }));
    expect(end).toMatchObject({ type: 'failed', failure: { code: 'SPLIT_INVALID' } });
  });

  it('refuses a GPU where TensorFlow has none, instead of training on the CPU in silence', async () => {
    // A machine that has GPUs is made to show none of them.
    const specification: TrialSpecification = { ...shapesSpecification(), device: 'gpu' };
    const end = await startTraining(specification, { gpu: '-1', onEvent: () => undefined }).ended;
    expect(end).toMatchObject({ type: 'failed', failure: { code: 'DEVICE_UNAVAILABLE' } });
  });

  it('leaves no child behind when its parent is killed', async () => {
    const specification = shapesSpecification({ recipe: { epochs: 1000 } });
    const script = fileURLToPath(new URL('./parent.ts', import.meta.url));
    const parent = spawn(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), script, JSON.stringify(specification)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const child = Number(line.toString());
    expect(isAlive(child)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(child), { timeout: 20_000 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
