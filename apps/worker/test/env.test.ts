import { availableParallelism } from 'node:os';

import { describe, expect, it } from 'vitest';

import { readEnvironment, slotsOf } from '../src/env.ts';

const services = { DATABASE_URL: 'postgresql://localhost/search', REDIS_URL: 'redis://localhost' };

describe('the worker has as many slots', () => {
  it.each([
    ['as there are cores', {}, availableParallelism()],
    ['as GPUs are named', { COMPOUND_SEARCH_GPUS: '0,0,1' }, 3],
    ['as it is told', { COMPOUND_SEARCH_GPUS: '0,1', COMPOUND_SEARCH_SLOTS: '5' }, 5],
  ])('%s', (_, variables, slots) => {
    expect(slotsOf(readEnvironment({ ...services, ...variables }))).toBe(slots);
  });
});

it.each([
  ['a list of GPUs that is none', { COMPOUND_SEARCH_GPUS: 'all' }, /COMPOUND_SEARCH_GPUS/u],
  ['a choice of oneDNN that TensorFlow does not know', { TF_ENABLE_ONEDNN_OPTS: 'on' }, /TF_ENABLE_ONEDNN_OPTS/u],
])('refuses %s', (_, variables, fault) => {
  expect(() => readEnvironment({ ...services, ...variables })).toThrow(fault);
});
