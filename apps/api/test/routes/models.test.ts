import { randomBytes } from 'node:crypto';

import {
  largestSavedModel,
  leaderboardRowSchema,
  leaderboardSchema,
  modelMetadataSchema,
  type ModelRequestInput,
  type ModelView,
  modelViewSchema,
  pointSchema,
  type SearchRequestInput,
  type SearchView,
} from '@compound-search/contracts';
import { answerFamilyRequest, findBaseline } from '@compound-search/networks';
import { reconcile } from '@compound-search/search';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import {
  claimNext,
  diverge,
  engine,
  runQueued,
  steps,
  trainWell,
} from '../../../../packages/search/test/simulated-worker.ts';
import { useService } from '../service.ts';

const service = useService();

function conduct(): Promise<void> {
  return reconcile({ store: service().store, queue: service().queue, log: pino({ level: 'silent' }) });
}

async function search(changes: Partial<SearchRequestInput> = {}): Promise<SearchView> {
  const payload = sampleRequest({ seeds: [4, 1], ...changes });
  return (await service().app.inject({ method: 'POST', url: '/v1/searches', payload })).json<SearchView>();
}

async function endedSearch(): Promise<string> {
  const { id } = await search();
  const trainQueued = () => runQueued(service().store, trainWell);
  await trainQueued();
  await conduct();
  await trainQueued();
  await conduct();
  return id;
}

function post(searchId: string, payload?: ModelRequestInput) {
  return service().app.inject({
    method: 'POST',
    url: `/v1/searches/${searchId}/model`,
    ...(payload === undefined ? {} : { payload }),
  });
}

async function start(searchId: string, payload?: ModelRequestInput): Promise<ModelView> {
  const response = await post(searchId, payload);
  expect(response.statusCode).toBe(202);
  const model = modelViewSchema.parse(response.json());
  expect(response.headers.location).toBe(`/v1/models/${model.id}`);
  return model;
}

function get(path: string) {
  return service().app.inject(`/v1/${path}`);
}

async function rowsOf(id: string) {
  return leaderboardSchema.parse((await get(`searches/${id}/leaderboard`)).json()).rows;
}

/** Trains the next queued model as a worker does, to this file. */
async function complete(savedModel: Uint8Array) {
  const { store } = service();
  const claimed = await claimNext(store);
  if (claimed === null) throw new Error('A model is queued');
  const attempt = { trialId: claimed.specification.trialId, token: claimed.token };
  await store.recordStart({ ...attempt, engine, steps });
  await store.recordModel({ ...attempt, savedModel });
  const result = {
    validationAccuracy: 0.75,
    validationLoss: 1,
    testAccuracy: 0.7,
    steps,
    imagesPerSecond: 1,
    weightsHash: 'weights',
  };
  await store.completeTrial({ ...attempt, result });
  return claimed.specification;
}

describe('POST /v1/searches/{id}/model', () => {
  it('trains the winner itself with the first seed where nothing else is asked', async () => {
    const id = await endedSearch();
    const [winner] = await rowsOf(id);
    const { id: modelId, ...model } = await start(id);
    expect(model).toEqual({
      searchId: id,
      candidateId: winner?.candidateId,
      phi: 1,
      seed: 4,
      state: 'queued',
      step: 0,
      steps: null,
      failure: null,
      metadata: null,
      notes: [expect.stringContaining('test split')],
    });
    const specification = await complete(Buffer.from('file'));
    expect(specification).toMatchObject({
      trialId: modelId,
      purpose: 'model',
      fingerprint: winner?.fingerprint,
      multipliers: winner?.multipliers,
      seed: 4,
    });
  });

  it('scales any candidate to any phi, to the network and the cost that a family has there', async () => {
    const id = await endedSearch();
    const rows = await rowsOf(id);
    const { candidateId, points, macs } = leaderboardRowSchema.parse(rows.at(-1));
    const { alpha, beta, gamma } = pointSchema.parse(points[0]);
    for (const phi of [2, -0.5]) {
      const { id: modelId } = await start(id, { candidateId, phi, seed: 9 });
      const { fingerprint, seed } = await complete(Buffer.from('file'));
      const metadata = modelMetadataSchema.parse(
        modelViewSchema.parse((await get(`models/${modelId}`)).json()).metadata,
      );
      // The data set of drawn shapes has one channel and ten classes.
      const family = { alpha, beta, gamma, phi: [phi], baseline: 'efficientnet-micro', inputChannels: 1, classes: 10 };
      const [member] = answerFamilyRequest(family, findBaseline('efficientnet-micro'));
      const shared = ['multipliers', 'parameters', 'macs', 'resolution', 'repeats', 'channels', 'phi'] as const;
      for (const name of shared) expect(metadata[name], name).toEqual(member?.[name]);
      expect(metadata).toMatchObject({ coefficients: { alpha, beta, gamma }, fingerprint, seed });
      expect(seed).toBe(9);
      expect(Math.sign(metadata.macs - macs)).toBe(Math.sign(phi - 1));
    }
  });

  it('leaves the search as it is', async () => {
    const id = await endedSearch();
    const before = [(await get(`searches/${id}`)).json<unknown>(), await rowsOf(id)];
    await start(id);
    await conduct();
    expect([(await get(`searches/${id}`)).json<unknown>(), await rowsOf(id)]).toEqual(before);
    await complete(Buffer.from('file'));
    await conduct();
    expect([(await get(`searches/${id}`)).json<unknown>(), await rowsOf(id)]).toEqual(before);
  });

  it('refuses a search without a winner, unless a candidate is named', async () => {
    const running = await search();
    expect((await post(running.id)).json()).toMatchObject({ code: 'COEFFICIENTS_NOT_READY' });
    const [row] = await rowsOf(running.id);
    await start(running.id, { candidateId: row?.candidateId ?? '' });
    await service().store.cancelSearch(running.id);
    const failed = await search();
    await runQueued(service().store, diverge);
    await conduct();
    expect((await post(failed.id)).json()).toMatchObject({ code: 'NO_WINNER' });
  });

  it.each([
    ['a candidate that is not there', { candidateId: 'none' }, 'NOT_FOUND', 'candidateId'],
    ['a power that overflows', { phi: 100_000 }, 'COEFFICIENT_INVALID', 'beta^phi'],
    ['a power that vanishes', { phi: -100_000 }, 'COEFFICIENT_INVALID', 'beta^phi'],
    ['a network that cannot be costed', { phi: 200 }, 'NETWORK_INVALID', 'width'],
    ['a seed out of range', { seed: -1 }, 'VALIDATION_FAILED', 'seed'],
  ])('refuses %s, and stores nothing', async (_, request, code, field) => {
    const id = await endedSearch();
    const rows = await service().countRows();
    expect((await post(id, request)).json()).toMatchObject({ code, field });
    expect(await service().countRows()).toBe(rows);
  });

  it('refuses a network whose weights exceed the largest file', async () => {
    const id = await endedSearch();
    // (1.4, 1.2, 1) to the power of 16 has 1.7 billion parameters.
    const row = (await rowsOf(id)).find(({ points: [point] }) => point?.alpha === 1.4 && point.beta === 1.2);
    const problem: unknown = (await post(id, { candidateId: row?.candidateId ?? '', phi: 16 })).json();
    expect(problem).toMatchObject({ code: 'NETWORK_INVALID', field: 'phi', value: 16 });
    expect(problem).toMatchObject({ detail: expect.stringContaining(String(largestSavedModel)) as string });
  });

  it('knows only searches that are there', async () => {
    expect((await post('none')).json()).toMatchObject({ code: 'NOT_FOUND', field: 'id', value: 'none' });
  });
});

describe('GET /v1/models/{id}', () => {
  it('has the metadata of the file once there is one', async () => {
    const id = await endedSearch();
    const { id: modelId, candidateId } = await start(id);
    await complete(Buffer.from('12345'));
    const model = modelViewSchema.parse((await get(`models/${modelId}`)).json());
    expect(model).toMatchObject({ state: 'completed', step: steps, steps });
    expect(model.metadata).toMatchObject({
      formatVersion: 1,
      modelId,
      searchId: id,
      candidateId,
      signature: {
        name: 'serving_default',
        input: { name: 'image', dtype: 'float32', shape: [null, 20, 20, 1] },
        output: { name: 'probabilities', dtype: 'float32', shape: [null, 10] },
      },
      classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      baseline: { name: 'efficientnet-micro' },
      dataset: 'shapes',
      datasetHash: engine.datasetHash,
      seed: 4,
      engine,
      validationAccuracy: 0.75,
      testAccuracy: 0.7,
      weightsHash: 'weights',
      bytes: 5,
    });
  });

  it('says why a training failed', async () => {
    const id = await endedSearch();
    const { id: modelId } = await start(id);
    await runQueued(service().store, diverge);
    const { failure, metadata } = modelViewSchema.parse((await get(`models/${modelId}`)).json());
    expect({ code: failure?.code, metadata }).toEqual({ code: 'TRIAL_DIVERGED', metadata: null });
  });

  it('is not there for trials that are no models', async () => {
    const id = await endedSearch();
    const trial = (await service().store.listTrials(id, { limit: 1 }))?.items[0];
    for (const unknown of [trial?.id ?? '', 'none']) {
      expect((await get(`models/${unknown}`)).json()).toMatchObject({ code: 'NOT_FOUND', value: unknown });
    }
  });
});

describe('GET /v1/models/{id}/saved_model.pb', () => {
  it('is the file, byte for byte and of a known length, also where it is stored in several parts', async () => {
    const id = await endedSearch();
    const { id: modelId } = await start(id);
    const savedModel = randomBytes(5_000_000);
    await complete(savedModel);
    const response = await get(`models/${modelId}/saved_model.pb`);
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': String(savedModel.length),
    });
    expect(Buffer.compare(response.rawPayload, savedModel)).toBe(0);
  });

  it('is not there before the training has completed', async () => {
    const id = await endedSearch();
    const { id: modelId } = await start(id);
    const response = await get(`models/${modelId}/saved_model.pb`);
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({ code: 'TRIAL_NOT_COMPLETED', field: 'state', value: 'queued' });
    await service().store.cancelTrial(modelId);
    expect((await get('models/none/saved_model.pb')).json()).toMatchObject({ code: 'NOT_FOUND' });
  });
});
