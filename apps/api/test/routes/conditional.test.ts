import { fastify, type FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { expect, it } from 'vitest';
import { z } from 'zod';

import { answerIfChanged, keepAnswers } from '../../src/routes/conditional.ts';
import { success } from '../../src/routes/responses.ts';
import { serializerCompiler } from '../../src/serialization.ts';

const searchId = '0199a0b0-0000-7000-8000-000000000001';

interface Served {
  readonly app: FastifyInstance;
  /** Of the state that is served: `fails` makes the next reading of it fail. */
  readonly state: { revision: number | null; rows: number; fails: boolean };
  /** How often the state was read. */
  readonly reads: () => number;
}

/** A route whose answer is read slowly, of a search whose state the test sets. */
function serve(): Served {
  const state: Served['state'] = { revision: 1, rows: 2, fails: false };
  let reads = 0;
  const kept = keepAnswers();
  const store = { getRevision: () => Promise.resolve(state.revision) };
  const app = fastify();
  app.setSerializerCompiler(serializerCompiler);
  const schema = { response: { 200: success('Rows.', z.object({ rows: z.number(), page: z.string() })) } };
  app.withTypeProvider<ZodTypeProvider>().get('/rows', { schema }, (request, reply) => {
    const read = async () => {
      reads += 1;
      const { rows, fails } = state;
      await new Promise((resolve) => void setImmediate(resolve));
      if (fails) throw new Error('PostgreSQL is away');
      return { rows, page: request.url, secret: 'of no schema' };
    };
    return answerIfChanged({ request, reply, store, kept, searchId, read });
  });
  return { app, state, reads: () => reads };
}

it('reads a state once, however many ask for it at once and later', async () => {
  const { app, reads } = serve();
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.inject('/rows')));
  answers.push(await app.inject('/rows'));
  expect(reads()).toBe(1);
  for (const answer of answers) {
    expect(answer.json()).toEqual({ rows: 2, page: '/rows' });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', etag: 'W/"1.1"' });
  }
});

it('reads anew what has changed, and each page by itself', async () => {
  const { app, state, reads } = serve();
  await app.inject('/rows');
  Object.assign(state, { revision: 2, rows: 3 });
  expect((await app.inject('/rows')).json()).toEqual({ rows: 3, page: '/rows' });
  expect((await app.inject('/rows?limit=1')).json()).toEqual({ rows: 3, page: '/rows?limit=1' });
  expect(reads()).toBe(3);
});

it('keeps no failure', async () => {
  const { app, state } = serve();
  state.fails = true;
  expect((await app.inject('/rows')).statusCode).toBe(500);
  state.fails = false;
  expect((await app.inject('/rows')).json()).toEqual({ rows: 2, page: '/rows' });
});

it('has no answer for a search that is gone, also where one was kept', async () => {
  const { app, state } = serve();
  await app.inject('/rows');
  state.revision = null;
  expect((await app.inject('/rows')).json()).toMatchObject({ message: `There is no search ${searchId}` });
});

it('serves what is too large to be kept', () => {
  const kept = keepAnswers(10);
  const compose = () => Promise.resolve('more than ten characters');
  return expect(kept.fetch('page', { context: compose })).resolves.toBe('more than ten characters');
});
