import { randomUUID } from 'node:crypto';

import { workerViewSchema } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { useService } from '../service.ts';

const service = useService();

/** A worker that has reported itself. */
async function present(unfit: string | null = null): Promise<string> {
  const id = randomUUID();
  const told = {
    host: 'node-7',
    pid: 4711,
    version: '1.2.3',
    processor: 'a processor',
    device: 'cpu',
    slots: 4,
  } as const;
  await service().store.reportWorker({ id, ...told, upSeconds: 0, engine: null, unfit });
  return id;
}

async function list() {
  return workerViewSchema.array().parse((await service().app.inject('/v1/workers')).json());
}

function send(id: string, verb: string) {
  return service().app.inject({ method: 'POST', url: `/v1/workers/${encodeURIComponent(id)}/${verb}` });
}

describe('/v1/workers', () => {
  it('lists workers with who and where they are, and why one is unfit', async () => {
    const [fit, unfit] = [await present(), await present('No TensorFlow here.')];
    expect(await list()).toEqual([
      expect.objectContaining({ id: fit, host: 'node-7', pid: 4711, version: '1.2.3', slots: 4, state: 'active' }),
      expect.objectContaining({ id: unfit, state: 'unfit', unfit: 'No TensorFlow here.' }),
    ]);
  });

  it('drains a worker and lets it take trials again, each as often as it is asked', async () => {
    const id = await present();
    for (const [verb, state] of [
      ['drain', 'draining'],
      ['drain', 'draining'],
      ['resume', 'active'],
      ['resume', 'active'],
    ] as const) {
      const response = await send(id, verb);
      expect(response.statusCode).toBe(200);
      expect(response.json()).toMatchObject({ id, state });
      expect(await list()).toContainEqual(expect.objectContaining({ id, state }));
    }
  });

  it.each(['drain', 'resume'])('has no worker to %s that it does not know', async (verb) => {
    for (const id of [randomUUID(), 'no uuid']) {
      const response = await send(id, verb);
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ code: 'NOT_FOUND', field: 'id', value: id });
    }
  });
});
