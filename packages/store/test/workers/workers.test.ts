import { randomUUID } from 'node:crypto';

import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';

import type { WorkerReport } from '../../src/index.ts';
import { sampleEngine } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { createSample } from '../steps.ts';

const scratch = useScratchStore();

function reportOf(changes: Partial<WorkerReport> = {}): WorkerReport {
  return {
    id: randomUUID(),
    host: 'node-7',
    pid: 4711,
    version: '1.2.3',
    processor: 'linux-x64 a processor',
    device: 'cpu',
    slots: 4,
    upSeconds: 90,
    engine: null,
    unfit: null,
    ...changes,
  };
}

/** A worker that has reported itself. */
async function present(changes: Partial<WorkerReport> = {}): Promise<WorkerReport> {
  const report = reportOf(changes);
  await scratch().store.reportWorker(report);
  return report;
}

async function find(id: string) {
  return (await scratch().store.listWorkers()).find((worker) => worker.id === id);
}

async function execute(sql: string, values: readonly unknown[] = []): Promise<void> {
  const client = new Client({ connectionString: scratch().databaseUrl });
  await client.connect();
  try {
    await client.query(sql, [...values]);
  } finally {
    await client.end();
  }
}

async function fallSilent(id: string, interval: string): Promise<void> {
  await execute('UPDATE worker SET seen_at = now() - $2::interval WHERE id = $1', [id, interval]);
}

describe('a worker', () => {
  it('is listed as it has told of itself, since it started, until it has ended', async () => {
    const report = await present({ engine: sampleEngine });
    const { id, host, pid, version, processor, device, slots, engine } = report;
    const found = await find(id);
    expect(found).toMatchObject({ id, host, pid, version, processor, device, slots, engine, unfit: null });
    expect(found).toMatchObject({ state: 'active', draining: false, trials: [] });
    const upMilliseconds = Date.parse(found?.seenAt ?? '') - Date.parse(found?.startedAt ?? '');
    expect(upMilliseconds).toBe(90_000);

    await scratch().store.removeWorker(report.id);
    expect(await find(report.id)).toBeUndefined();
  });

  it('is shown with the trials that it holds, and with no others', async () => {
    const { store } = scratch();
    const [worker, other] = [await present(), await present()];
    const { searchId, trials } = await createSample(store, 1);
    const [held, given] = trials;
    if (held === undefined || given === undefined) throw new Error('The sample has two trials');
    const claimed = await store.claimTrial({ ...held, workerId: worker.id, leaseSeconds: 15 });
    await store.recordStart({ trialId: held.trialId, token: claimed?.token ?? '', engine: sampleEngine, steps: 20 });
    await store.claimTrial({ ...given, workerId: other.id, leaseSeconds: 15 });
    expect((await find(worker.id))?.trials).toEqual([
      { trialId: held.trialId, searchId, purpose: 'ranking', attempt: 1, step: 0, steps: 20 },
    ]);
  });

  it('is lost when it has been silent for three leases, is there again by a report, and is forgotten after a day', async () => {
    const { store } = scratch();
    const report = await present();
    await fallSilent(report.id, '44 seconds');
    expect(await find(report.id)).toMatchObject({ state: 'active' });
    await fallSilent(report.id, '46 seconds');
    expect(await find(report.id)).toMatchObject({ state: 'lost' });
    await store.reportWorker(report);
    expect(await find(report.id)).toMatchObject({ state: 'active' });

    await fallSilent(report.id, '23 hours');
    await store.forgetLostWorkers();
    expect(await find(report.id)).toMatchObject({ state: 'lost' });
    await fallSilent(report.id, '25 hours');
    await store.forgetLostWorkers();
    expect(await find(report.id)).toBeUndefined();
  });

  it.each([
    ['is drained', 'draining', (id: string) => scratch().store.drainWorker(id, true)],
    [
      'says that it is unfit',
      'unfit',
      (id: string) => scratch().store.reportWorker(reportOf({ id, unfit: 'No TensorFlow.' })),
    ],
  ])('gets no trial from when it %s, and another one gets it', async (_, state, hold) => {
    const { store } = scratch();
    const { id } = await present();
    const { trials } = await createSample(store, 1);
    await hold(id);
    expect(await find(id)).toMatchObject({ state });
    expect(await store.claimNextTrial({ workerId: id, leaseSeconds: 15 })).toBeNull();
    for (const job of trials) {
      expect(await store.claimTrial({ ...job, workerId: id, leaseSeconds: 15 })).toBeNull();
      expect(await store.claimTrial({ ...job, workerId: randomUUID(), leaseSeconds: 15 })).not.toBeNull();
    }
  });

  it('keeps what it holds while it drains, though the answer to its claim was lost', async () => {
    const { store } = scratch();
    const { id } = await present();
    const [job] = (await createSample(store, 1)).trials;
    if (job === undefined) throw new Error('The sample has trials');
    const claim = { ...job, workerId: id, leaseSeconds: 15, token: randomUUID() };
    const claimed = await store.claimTrial(claim);
    await store.drainWorker(id, true);
    expect(await store.claimTrial(claim)).toEqual(claimed);
    expect(await store.renewLease({ ...claim, step: 1 })).toBe('held');
  });

  it('drains until it is resumed, whatever it reports, and is told so with each report', async () => {
    const { store } = scratch();
    const report = await present();
    expect(await store.drainWorker(report.id, true)).toMatchObject({ state: 'draining', draining: true });
    expect(await store.drainWorker(report.id, true)).toMatchObject({ state: 'draining', draining: true });
    expect(await store.reportWorker(report)).toEqual({ draining: true });
    expect(await store.drainWorker(report.id, false)).toMatchObject({ state: 'active' });
    expect(await store.drainWorker(report.id, false)).toMatchObject({ state: 'active' });
    expect(await store.reportWorker(report)).toEqual({ draining: false });
  });

  it('can be drained only where it is known', async () => {
    expect(await scratch().store.drainWorker(randomUUID(), true)).toBeNull();
    expect(await scratch().store.drainWorker('no uuid\0', true)).toBeNull();
  });
});

describe('a migration of a newer version', () => {
  async function apply(name: string): Promise<void> {
    await execute(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ($1, 'c', $1, now())`,
      [name],
    );
    onTestFinished(() => execute('DELETE FROM _prisma_migrations WHERE id = $1', [name]));
  }

  async function mayClaim(): Promise<boolean> {
    const { store } = scratch();
    const [job] = (await createSample(store, 1)).trials;
    if (job === undefined) throw new Error('The sample has trials');
    return (await store.claimTrial({ ...job, workerId: 'worker', leaseSeconds: 15 })) !== null;
  }

  it('that is breaking keeps every trial from workers of this version', async () => {
    await apply('29990101000000_renamed_breaking');
    expect(await scratch().store.findBreakingMigration()).toBe('29990101000000_renamed_breaking');
    expect(await mayClaim()).toBe(false);
  });

  it.each(['29990101000000_note', '29990101000000_unbreaking', '29990101000000_breaking_news'])(
    'named %s keeps none from them',
    async (name) => {
      await apply(name);
      expect(await scratch().store.findBreakingMigration()).toBeNull();
      expect(await mayClaim()).toBe(true);
    },
  );
});
