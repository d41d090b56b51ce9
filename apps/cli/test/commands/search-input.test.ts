import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { CompoundSearchError, searchRequestSchema } from '@compound-search/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readSearchRequest, type SearchFlags } from '../../src/commands/search-input.ts';

const whole = {
  baseline: 'efficientnet-micro',
  dataset: 'mnist',
  grid: { alpha: [1, 1.2], beta: [1, 1.1], gamma: { from: 1, to: 1.3, step: 0.15 } },
  recipe: { epochs: 3, batchSize: 16 },
};
const flags: SearchFlags = { dataset: 'd', alpha: [1], beta: [1.1], gamma: [1.2] };
let folder = '';

function fileWith(text: string): string {
  const file = path.join(folder, 'request.json');
  writeFileSync(file, text);
  return file;
}

function refusal(file: string | undefined, flags: SearchFlags = {}): CompoundSearchError {
  try {
    readSearchRequest(file, flags);
  } catch (error) {
    if (error instanceof CompoundSearchError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'search-input-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the request of a search', () => {
  it('is the file as it stands, so that the service fills in its own defaults', () => {
    expect(readSearchRequest(fileWith(JSON.stringify(whole)), {})).toEqual(whole);
  });

  it('holds the description where the baseline is a file, since the service cannot read it', () => {
    const network = { name: 'mine', classes: 3 };
    expect(readSearchRequest(undefined, { ...flags, baseline: fileWith(JSON.stringify(network)) }).baseline).toEqual(
      network,
    );
    expect(refusal(undefined, { ...flags, baseline: './none.json' })).toMatchObject({ value: './none.json' });
    expect(refusal(undefined, { ...flags, baseline: fileWith('[1]') }).field).toMatch(/^baseline/);
  });

  it('is made of flags where there is no file', () => {
    const flags = { baseline: 'b', dataset: 'd', alpha: [1], beta: [1.1], gamma: [1.2], target: 1.5, splitSeed: 7 };
    expect(readSearchRequest(undefined, flags)).toEqual({
      baseline: 'b',
      dataset: 'd',
      grid: { alpha: [1], beta: [1.1], gamma: [1.2] },
      constraint: { target: 1.5 },
      split: { seed: 7 },
    });
  });

  it('leaves the reuse of trials to the service unless it is switched off', () => {
    expect(
      readSearchRequest(fileWith(JSON.stringify({ ...whole, reuse: undefined })), { reuse: true }),
    ).not.toHaveProperty('reuse');
    expect(readSearchRequest(fileWith(JSON.stringify(whole)), { reuse: false })).toMatchObject({ reuse: false });
  });

  it('holds what the constraint measures, its maxima and a solved axis', () => {
    const exact: SearchFlags = {
      ...flags,
      gamma: 'solve',
      minimum: 0.8,
      measure: 'macs',
      relative: true,
      tuneResolution: true,
      maximum: { memoryRatio: 3 },
    };
    expect(readSearchRequest(undefined, { ...exact, baseline: 'b' })).toMatchObject({
      grid: { gamma: 'solve', minimum: 0.8 },
      constraint: { measure: 'macs', toleranceKind: 'relative', tuneResolution: true, maximum: { memoryRatio: 3 } },
    });
    expect(refusal(undefined, { ...exact, baseline: 'b', maximum: { ram: 3 } })).toMatchObject({
      field: 'constraint.maximum.ram',
      value: 3,
    });
  });

  it('takes a flag over the same field of the file and leaves the fields beside it', () => {
    const request = readSearchRequest(fileWith(JSON.stringify(whole)), { epochs: 1, alpha: [2], seeds: [5] });
    expect(request).toEqual({
      ...whole,
      grid: { ...whole.grid, alpha: [2] },
      recipe: { epochs: 1, batchSize: 16 },
      seeds: [5],
    });
  });

  it('takes the strategy from the file with what flags change in it, and begins anew where they name another', () => {
    const strategy = { kind: 'racing', batch: 2, budget: { trials: 40 } };
    const file = fileWith(JSON.stringify({ ...whole, strategy }));
    const read = (flags: SearchFlags) => readSearchRequest(file, flags).strategy;
    expect(read({})).toEqual(strategy);
    expect(read({ confidence: 0.9, budgetMinutes: 5, reduction: 4 })).toEqual({
      kind: 'racing',
      batch: 2,
      confidence: 0.9,
      rungs: { reduction: 4 },
      budget: { trials: 40, trainingMinutes: 5 },
    });
    expect(read({ strategy: 'racing', batch: 8 })).toEqual({ ...strategy, batch: 8 });
    expect(read({ strategy: 'halving', brackets: 2 })).toEqual({ kind: 'halving', brackets: 2 });
    expect(readSearchRequest(fileWith(JSON.stringify(whole)), { strategy: 'full' }).strategy).toEqual({ kind: 'full' });
    expect(refusal(file, { strategy: 'guessing' }).field).toBe('strategy.kind');
  });

  it('takes a name alone for the strategy, and its flags for those of a race where no strategy is named', () => {
    const named = fileWith(JSON.stringify({ ...whole, strategy: 'halving' }));
    expect(readSearchRequest(named, {}).strategy).toBe('halving');
    expect(readSearchRequest(named, { batch: 8 }).strategy).toEqual({ kind: 'halving', batch: 8 });
    const unnamed = fileWith(JSON.stringify(whole));
    expect(readSearchRequest(unnamed, { batch: 8 }).strategy).toEqual({ kind: 'racing', batch: 8 });
  });

  it('takes the objective from the file with what flags change in it, and an exponent for one of the reward', () => {
    const read = (objective: object | undefined, flags: SearchFlags) =>
      readSearchRequest(fileWith(JSON.stringify({ ...whole, objective })), flags).objective;
    expect(read(undefined, {})).toBeUndefined();
    expect(read(undefined, { objective: 'reward' })).toEqual({ kind: 'reward' });
    expect(read(undefined, { rewardExponent: -0.1 })).toEqual({ kind: 'reward', exponent: -0.1 });
    expect(read({ kind: 'reward', exponent: -0.1 }, { objective: 'accuracy' })).toEqual({ kind: 'accuracy' });
    expect(refusal(undefined, { ...flags, baseline: 'b', rewardExponent: 1 })).toMatchObject({
      field: 'objective.exponent',
      value: 1,
    });
  });

  it('of the quick start fits the schema, and asks for an answer that is sure to 90 % and more', () => {
    const file = fileURLToPath(new URL('../../quickstart.json', import.meta.url));
    const { strategy } = searchRequestSchema.parse(readSearchRequest(file, {}));
    if (strategy.kind !== 'racing') throw new Error(`The quick start races; ${strategy.kind} states no confidence`);
    expect(strategy.confidence).toBeGreaterThanOrEqual(0.9);
  });

  it('is refused with every field that is missing', () => {
    const error = refusal(undefined, { alpha: [1] });
    expect(error.code).toBe('VALIDATION_FAILED');
    expect(error.field).toBe('baseline');
    expect(error.message).toBe('baseline is missing; dataset is missing; grid.beta is missing; grid.gamma is missing');
  });

  it('is refused with the part of a range that is at fault, not with the range', () => {
    const file = fileWith(JSON.stringify({ ...whole, grid: { ...whole.grid, beta: { from: 1, to: 2, step: 'x' } } }));
    expect(refusal(file)).toMatchObject({ field: 'grid.beta.step', value: 'x' });
  });

  it('is refused with the value of a list that is at fault', () => {
    const file = fileWith(JSON.stringify({ ...whole, grid: { ...whole.grid, alpha: [1, null] } }));
    expect(refusal(file)).toMatchObject({ field: 'grid.alpha[1]', value: null });
  });

  it('is refused where an axis is neither a list nor a range', () => {
    const file = fileWith(JSON.stringify({ ...whole, grid: { ...whole.grid, gamma: 3 } }));
    expect(refusal(file)).toMatchObject({
      field: 'grid.gamma',
      value: 3,
      message: 'grid.gamma must be a list or an object or "solve", not 3',
    });
  });

  it('is refused where the file is broken, holds no object or is not there', () => {
    expect(refusal(fileWith('{ "baseline": '))).toMatchObject({ code: 'MALFORMED_JSON', field: 'file' });
    expect(refusal(fileWith('[1]'))).toMatchObject({ code: 'VALIDATION_FAILED', field: 'file' });
    const absent = path.join(folder, 'absent.json');
    expect(refusal(absent)).toMatchObject({ code: 'VALIDATION_FAILED', field: 'file', value: absent });
  });
});
