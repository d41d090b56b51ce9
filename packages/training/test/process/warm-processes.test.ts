import type { Epoch, TrialSpecification } from '@compound-search/contracts';
import { createWarmProcesses, startTraining, type TrainingEnd } from '@compound-search/training';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import { shapesSpecification } from '../shapes-specification.ts';

type Options = NonNullable<Parameters<typeof createWarmProcesses>[0]>;

function warmProcesses(options: Options = {}) {
  const processes = createWarmProcesses({ idleMilliseconds: 600_000, ...options });
  onTestFinished(() => processes.close());
  return processes;
}

interface Run {
  readonly pid: number | undefined;
  readonly end: TrainingEnd;
  readonly curve: readonly Epoch[];
}

async function run(start: typeof startTraining, specification: TrialSpecification): Promise<Run> {
  const curve: Epoch[] = [];
  const training = start(specification, {
    onEvent: (event) => {
      if (event.type === 'epoch') curve.push({ ...event.epoch, seconds: 0 });
    },
  });
  return { pid: training.pid, end: await training.ended, curve };
}

/** What must not depend on the process. */
function bitsOf({ end, curve }: Run) {
  if (end.type !== 'completed') throw new Error(`The training ended as ${JSON.stringify(end)}`);
  return { curve, result: { ...end.result, imagesPerSecond: 0 } };
}

/** A trial that is over as soon as it can be. */
function brief(changes: Partial<TrialSpecification> = {}): TrialSpecification {
  const split = { trainImages: 64, validationImages: 20, seed: 0 };
  return { ...shapesSpecification({ split, recipe: { epochs: 1 } }), ...changes };
}

const split = { trainImages: 320, validationImages: 100, seed: 0 };
const different: Record<'plain' | 'larger' | 'restless', () => TrialSpecification> = {
  plain: () => shapesSpecification({ split }),
  larger: () => shapesSpecification({ split, multipliers: { depth: 1.4, width: 1.3, resolution: 1.2 }, seed: 3 }),
  restless: () =>
    shapesSpecification({
      split,
      purpose: 'test',
      multipliers: { depth: 1, width: 1.2, resolution: 0.9 },
      recipe: {
        epochs: 2,
        optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        weightAverageDecay: 0.9,
        dropout: 0.2,
        augmentation: { horizontalFlip: true, cropPadding: 2, mixup: 0.2 },
      },
    }),
};
type Name = keyof typeof different;
const names = Object.keys(different) as Name[];

describe('trials that are run one after the other in one process', () => {
  let fresh: Record<Name, ReturnType<typeof bitsOf>>;
  beforeAll(async () => {
    const runs = names.map(async (name) => [name, bitsOf(await run(startTraining, different[name]()))] as const);
    fresh = Object.fromEntries(await Promise.all(runs)) as typeof fresh;
  });

  it.each<readonly Name[][]>([[['plain', 'larger', 'restless', 'plain']], [['restless', 'larger', 'larger', 'plain']]])(
    'have the bits of trials in fresh processes: %s',
    async (order) => {
      const { start } = warmProcesses();
      const pids = new Set<number | undefined>();
      for (const name of order) {
        const warm = await run(start, different[name]());
        expect(bitsOf(warm), name).toEqual(fresh[name]);
        pids.add(warm.pid);
      }
      expect(pids.size).toBe(1);
    },
  );
});

describe('a training process is not used again', () => {
  /** The process of a trial that is started after another one has ended in whatever way. */
  async function nextPid({ start }: ReturnType<typeof createWarmProcesses>): Promise<number | undefined> {
    const { pid, end } = await run(start, brief());
    expect(end.type).toBe('completed');
    return pid;
  }

  it('when its training has failed', async () => {
    const processes = warmProcesses();
    const failed = await run(processes.start, brief({ fingerprint: 'of another network' }));
    expect(failed.end).toMatchObject({ failure: { code: 'NETWORK_INVALID' } });
    expect(await nextPid(processes)).not.toBe(failed.pid);
  });

  it.each(['cancel', 'kill'] as const)('after a %s in the middle of its training', async (stop) => {
    const processes = warmProcesses();
    const training = processes.start(shapesSpecification({ recipe: { epochs: 1000 } }), {
      onEvent: (event) => {
        if (event.type === 'progress') training[stop]();
      },
    });
    const end = await training.ended;
    expect(end).toMatchObject(stop === 'cancel' ? { type: 'cancelled' } : { failure: { code: 'TRIAL_LOST' } });
    expect(isAlive(training.pid)).toBe(false);
    expect(await nextPid(processes)).not.toBe(training.pid);
  });

  it.each<[string, Options]>([
    ['after its share of trainings', { mostTrainings: 1 }],
    ['when it holds too much memory', { mostResidentBytes: 2 ** 20 }],
  ])('%s, and has ended with the training', async (_, limits) => {
    const processes = warmProcesses(limits);
    const { pid } = await run(processes.start, brief());
    expect(isAlive(pid)).toBe(false);
    expect(await nextPid(processes)).not.toBe(pid);
  });

  it('by a trial on a GPU, which leaves it to the next one on the CPU', async () => {
    const processes = warmProcesses();
    const { pid } = await run(processes.start, brief());
    const gpu = await run(processes.start, brief({ device: 'gpu' }));
    expect(gpu.pid).not.toBe(pid);
    expect(await nextPid(processes)).toBe(pid);
  });

  it('when it dies while it waits', async () => {
    const processes = warmProcesses();
    const { pid = 0 } = await run(processes.start, brief());
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
    expect(await nextPid(processes)).not.toBe(pid);
  });
});

describe('a process that waits for a training', () => {
  it.each<[string, Options, (close: () => void) => void]>([
    ['after a while', { idleMilliseconds: 1 }, () => undefined],
    ['when it is told to', {}, (close) => close()],
  ])('ends %s', async (_, options, end) => {
    const { start, close } = warmProcesses(options);
    const { pid } = await run(start, brief());
    end(close);
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
  });

  it('is not disturbed by a late cancel or kill of the training before', async () => {
    const { start } = warmProcesses();
    const first = start(brief(), { onEvent: () => undefined });
    await first.ended;
    const second = start(brief(), { onEvent: () => undefined });
    first.cancel();
    first.kill();
    expect(second.pid).toBe(first.pid);
    expect(await second.ended).toMatchObject({ type: 'completed' });
  });

  it('is joined by a second one while it trains, and both wait in the end', async () => {
    const { start } = warmProcesses();
    const together = await Promise.all([run(start, brief()), run(start, brief())]);
    const again = await Promise.all([run(start, brief()), run(start, brief())]);
    const pids = (runs: Run[]) => runs.map(({ pid }) => pid).toSorted();
    expect(new Set(pids(together)).size).toBe(2);
    expect(pids(again)).toEqual(pids(together));
  });
});

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
