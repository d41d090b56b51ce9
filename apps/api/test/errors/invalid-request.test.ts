import { gridSchema } from '@compound-search/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { invalidRequest } from '../../src/errors/invalid-request.ts';
import { toProblem } from '../../src/errors/problem.ts';

function refuse(schema: z.ZodType, input: unknown) {
  const { error } = schema.safeParse(input);
  if (error === undefined) throw new Error('The input fits the schema');
  return invalidRequest(error, input, 'body');
}

describe('invalidRequest', () => {
  const schema = z.object({
    seeds: z.array(z.int()).min(2).max(3),
    device: z.enum(['cpu', 'gpu']),
    rate: z.number().gt(0).lt(1),
    name: z.string().max(5).optional(),
    kind: z.literal('rmsprop').optional(),
  });
  const valid = { seeds: [1, 2], device: 'cpu', rate: 0.5 };

  it.each([
    ['a missing field', { ...valid, rate: undefined }, 'rate is missing', 'Add it: a finite number.'],
    ['a wrong type', { ...valid, rate: 'high' }, 'rate must be a finite number, not a string', 'Give a finite number.'],
    ['null', { ...valid, rate: null }, 'rate must be a finite number, not null', 'Give a finite number.'],
    ['a fraction', { ...valid, seeds: [1, 2.5] }, 'seeds[1] must be an integer, not 2.5', 'Give an integer.'],
    ['an open lower bound', { ...valid, rate: 0 }, 'rate must be more than 0', 'Give a value of more than 0.'],
    ['an open upper bound', { ...valid, rate: 1 }, 'rate must be less than 1', 'Give a value of less than 1.'],
    ['a short list', { ...valid, seeds: [1] }, 'seeds must have at least 2 items', 'Give at least 2 items.'],
    ['a long list', { ...valid, seeds: [1, 2, 3, 4] }, 'seeds must have at most 3 items', 'Give at most 3 items.'],
    ['a long text', { ...valid, name: 'longer' }, 'name must have at most 5 characters', 'Give at most 5 characters.'],
    [
      'no choice',
      { ...valid, device: 'tpu' },
      'device must be one of "cpu", "gpu", not a string',
      'Give one of "cpu", "gpu".',
    ],
    ['the only choice', { ...valid, kind: 'adam' }, 'kind must be "rmsprop", not a string', 'Give "rmsprop".'],
    ['no object at all', 7, 'body must be an object, not 7', 'Give an object.'],
  ])('explains %s', (_what, input, detail, remedy) => {
    const error = refuse(schema, input);
    expect(error.message).toBe(detail);
    expect(error.remedy).toBe(remedy);
  });

  it('counts further faults in its message and lists them', () => {
    const error = refuse(schema, { seeds: [1], device: 'tpu', rate: 2 });
    expect(error.message).toBe('seeds must have at least 2 items (and 2 more, see errors)');
    expect(error.faults.map(({ field, value }) => ({ field, value }))).toEqual([
      { field: 'seeds', value: [1] },
      { field: 'device', value: 'tpu' },
      { field: 'rate', value: 2 },
    ]);
  });

  it.each([
    [1, 'x0 is not a field that is known here', 1],
    [100, 'x0 is not a field that is known here (and 99 more, see errors)', 100],
    [101, 'x0 is not a field that is known here (and 100 more, errors lists the first 100)', 100],
    [20_000, 'x0 is not a field that is known here (and 19999 more, errors lists the first 100)', 100],
  ])('counts %i faults and lists at most 100', (faults, message, listed) => {
    const input = Object.fromEntries(Array.from({ length: faults }, (_, index) => [`x${index}`, 1]));
    const error = refuse(z.strictObject({}), input);
    expect(error.message).toBe(message);
    expect(error.faults).toHaveLength(listed);
  });

  it('tells the start of a path that is very long', () => {
    const { field } = refuse(z.strictObject({}), { ['x'.repeat(10_000)]: 1 });
    expect(field).toBe(`${'x'.repeat(300)}…`);
  });

  it('names a field inside the grid, and the value found there, for any value that does not fit', () => {
    const point = fc.record({ alpha: fc.jsonValue(), beta: fc.jsonValue(), gamma: fc.jsonValue() });
    fc.assert(
      fc.property(point, (grid) => {
        const { error } = gridSchema.safeParse(grid);
        if (error === undefined) return;
        for (const { field, detail, value } of invalidRequest(error, grid, 'body').faults) {
          expect(field).toMatch(/^(?:alpha|beta|gamma)/);
          expect(detail).not.toBe('');
          if (Object.hasOwn(grid, field)) expect(value).toEqual(Reflect.get(grid, field));
        }
      }),
    );
  });

  it('never speaks of the branch of a union that the value does not have the shape of', () => {
    const range = fc.record({ from: fc.jsonValue(), to: fc.jsonValue(), step: fc.constant('x') });
    fc.assert(
      fc.property(range, (alpha) => {
        const fields = refuse(gridSchema, { alpha, beta: [1], gamma: [1] }).faults.map(({ field }) => field);
        expect(fields).toContain('alpha.step');
        expect(fields).not.toContain('alpha');
      }),
    );
  });
});

describe('toProblem', () => {
  it('is valid JSON with all its members, whatever the value at fault', () => {
    const schema = z.object({ a: z.literal('the only value') });
    fc.assert(
      fc.property(fc.anything(), (a) => {
        const { error } = schema.safeParse({ a });
        if (error === undefined) return;
        const problem = toProblem(invalidRequest(error, { a }, 'body'), '0');
        const copy: unknown = JSON.parse(JSON.stringify(problem));
        expect(copy).toMatchObject({ code: 'VALIDATION_FAILED', field: 'a', status: 400 });
        expect(JSON.stringify(problem).length).toBeLessThan(3000);
      }),
    );
  });

  it('leaves out a value that is nested too deeply for JSON', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    const problem = toProblem(refuse(z.object({ a: z.string() }), { a: deep }), '0');
    expect(problem).toMatchObject({ field: 'a', detail: 'a must be a string, not a list' });
    expect(problem).not.toHaveProperty('value');
  });

  it('leaves out a value that is too long to read', () => {
    const long = Array.from({ length: 1000 }, (_, index) => index);
    const problem = toProblem(refuse(z.object({ a: z.string() }), { a: long }), '0');
    expect(problem).not.toHaveProperty('value');
    expect(problem.field).toBe('a');
  });
});
