import { randomBytes, randomUUID } from 'node:crypto';

import type { TrialJob } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { MODEL_PART_BYTES } from '../../src/attempts/record-model.ts';
import { sampleModelPlan, sampleNetwork, sampleRequest, sampleResult } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { claim, createRanked } from '../steps.ts';

const scratch = useScratchStore();

async function createModel(): Promise<{ searchId: string; candidateId: string; job: TrialJob }> {
  const { store } = scratch();
  const { searchId, candidateId } = await createRanked(store);
  const job = await store.createModel({ searchId, candidateId, seed: 5, plan: sampleModelPlan });
  if (job === null) throw new Error('The candidate is of the search');
  return { searchId, candidateId, job };
}

async function readFile(modelId: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const part = await scratch().store.savedModelPart(modelId, parts.length);
    if (part === null) return Buffer.concat(parts);
    parts.push(part);
  }
}

describe('createModel', () => {
  it('queues a trial that trains what was planned', async () => {
    const { store } = scratch();
    const { searchId, candidateId, job } = await createModel();
    const model = await store.getModel(job.trialId);
    expect(model).toMatchObject({ plan: sampleModelPlan, network: sampleNetwork, bytes: 0 });
    expect(model?.request).toEqual(sampleRequest({ seeds: [7] }));
    expect(model?.trial).toMatchObject({ searchId, candidateId, purpose: 'model', seed: 5, state: 'queued' });
    const claimed = await store.claimTrial({ ...job, workerId: 'worker', leaseSeconds: 15 });
    const { fingerprint, multipliers } = sampleModelPlan;
    expect(claimed?.specification).toMatchObject({ purpose: 'model', seed: 5, fingerprint, multipliers });
  });

  it('knows only candidates of the search', async () => {
    const { store } = scratch();
    const [one, other] = [await createRanked(store), await createRanked(store)];
    const plan = sampleModelPlan;
    for (const candidateId of [other.candidateId, randomUUID(), 'none']) {
      expect(await store.createModel({ searchId: one.searchId, candidateId, seed: 5, plan })).toBeNull();
    }
    expect(await store.getModel(randomUUID())).toBeNull();
    expect(await store.getModel('none')).toBeNull();
  });
});

describe('recordModel', () => {
  it('keeps a file byte for byte, in parts where it is large', async () => {
    const { store } = scratch();
    const { job } = await createModel();
    const attempt = await claim(store, job);
    const savedModel = randomBytes(2 * MODEL_PART_BYTES + 17);
    expect(await store.recordModel({ ...attempt, savedModel })).toBe(true);
    await store.completeTrial({ ...attempt, result: sampleResult(0.5) });
    expect((await store.savedModelPart(job.trialId, 0))?.length).toBe(MODEL_PART_BYTES);
    expect(Buffer.compare(await readFile(job.trialId), savedModel)).toBe(0);
    expect(await store.getModel(job.trialId)).toMatchObject({
      trial: { state: 'completed' },
      bytes: savedModel.length,
    });
  });

  it('replaces what a lost attempt has left, also where that was longer', async () => {
    const { store } = scratch();
    const { job } = await createModel();
    const lost = await claim(store, job, -1);
    await store.recordModel({ ...lost, savedModel: randomBytes(MODEL_PART_BYTES + 1) });
    const [next] = (await store.expireLeases()).requeued;
    expect(await store.recordModel({ ...lost, savedModel: Buffer.from('too late') })).toBe(false);
    const attempt = await claim(store, next);
    expect(await store.recordModel({ ...attempt, savedModel: Buffer.from('the model') })).toBe(true);
    expect(String(await readFile(job.trialId))).toBe('the model');
  });
});
