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
  const schema = z.object({ seeds: z.array(z.int()).min(2), device: z.enum(['cpu', 'gpu']), rate: z.number().lt(1) });

  it.each([
    [{ device: 'cpu', rate: 0.5 }, 'seeds is missing', 'Add it: a list.'],
    [7, 'body must be an object, not 7', 'Give an object.'],
  ])('says what is wrong with %j, where and what to do', (input, detail, remedy) => {
    const error = refuse(schema, input);
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', message: detail, remedy });
  });

  it('counts further faults in its message and lists them', () => {
    const error = refuse(schema, { seeds: [1], device: 'tpu', rate: 2 });
    expect(error.message).toBe('seeds must have at least 2 items (and 2 more, see errors)');
    expect(error.faults?.map(({ field, value }) => ({ field, value }))).toEqual([
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
