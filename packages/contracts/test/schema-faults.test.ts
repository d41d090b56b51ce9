import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { formatPath, gridSchema, type SchemaFault, schemaFaults, valueAt } from '../src/index.ts';

function faultsOf(schema: z.ZodType, input: unknown): SchemaFault[] {
  const { error } = schema.safeParse(input);
  if (error === undefined) throw new Error('The input fits the schema');
  return schemaFaults(error, input);
}

function sentences(schema: z.ZodType, input: unknown): string[] {
  return faultsOf(schema, input).map(({ path, detail, remedy }) => `${formatPath(path)} ${detail}. ${remedy}`.trim());
}

const schema = z.strictObject({
  seeds: z.array(z.int()).min(2).max(3),
  device: z.enum(['cpu', 'gpu']),
  rate: z.number().gt(0).lt(1),
  name: z.string().max(5).optional(),
  kind: z.literal('rmsprop').optional(),
  axis: z.union([z.array(z.number()), z.strictObject({ from: z.number(), to: z.number() })]).optional(),
  strategy: z.union([z.enum(['fast', 'paper']), z.object({ depth: z.number(), width: z.number() })]).optional(),
  block: z
    .discriminatedUnion('type', [z.object({ type: z.literal('a') }), z.object({ type: z.literal('b') })])
    .optional(),
  label: z
    .string()
    .regex(/^[a-z]+$/, 'Lower-case letters')
    .optional(),
  extra: z.record(z.string(), z.number()).optional(),
});
const valid = { seeds: [1, 2], device: 'cpu', rate: 0.5 };

describe('the faults of a value that does not fit its schema', () => {
  it.each<[string, unknown, string[]]>([
    ['a missing field', { ...valid, rate: undefined }, ['rate is missing. Add it: a finite number.']],
    ['a wrong type', { ...valid, rate: 'high' }, ['rate must be a finite number, not a string. Give a finite number.']],
    ['null', { ...valid, rate: null }, ['rate must be a finite number, not null. Give a finite number.']],
    ['a fraction', { ...valid, seeds: [1, 2.5] }, ['seeds[1] must be an integer, not 2.5. Give an integer.']],
    ['an open lower bound', { ...valid, rate: 0 }, ['rate must be more than 0. Give a value of more than 0.']],
    ['an open upper bound', { ...valid, rate: 1 }, ['rate must be less than 1. Give a value of less than 1.']],
    ['a short list', { ...valid, seeds: [1] }, ['seeds must have at least 2 items. Give at least 2 items.']],
    ['a long list', { ...valid, seeds: [1, 2, 3, 4] }, ['seeds must have at most 3 items. Give at most 3 items.']],
    ['a long text', { ...valid, name: 'longer' }, ['name must have at most 5 characters. Give at most 5 characters.']],
    [
      'none of the choices',
      { ...valid, device: 'tpu' },
      ['device must be one of "cpu", "gpu", not a string. Give one of "cpu", "gpu".'],
    ],
    ['not the only choice', { ...valid, kind: 'adam' }, ['kind must be "rmsprop", not a string. Give "rmsprop".']],
    [
      'an unknown field',
      { ...valid, sedes: [1] },
      ['sedes is not a field that is known here. Remove it, or correct its spelling.'],
    ],
    ['no object at all', 7, ['must be an object, not 7. Give an object.']],
    ['no dictionary', { ...valid, extra: [1] }, ['extra must be an object, not a list. Give an object.']],
    ['neither form', { ...valid, axis: 3 }, ['axis must be a list or an object, not 3. Give a list or an object.']],
    [
      'a fault inside the form that was meant',
      { ...valid, axis: { from: 1, to: 'x' } },
      ['axis.to must be a finite number, not a string. Give a finite number.'],
    ],
    [
      'a fault inside the form that was meant, beside a choice of names',
      { ...valid, strategy: { depth: 'x', width: 'y' } },
      [
        'strategy.depth must be a finite number, not a string. Give a finite number.',
        'strategy.width must be a finite number, not a string. Give a finite number.',
      ],
    ],
    [
      'a name beside another form',
      { ...valid, strategy: 'slow' },
      ['strategy must be one of "fast", "paper", not a string. Give one of "fast", "paper".'],
    ],
    [
      'neither a name nor the other form',
      { ...valid, strategy: 5 },
      ['strategy must be one of "fast", "paper" or an object, not 5. Give one of "fast", "paper" or an object.'],
    ],
    [
      'a field that decides on the form',
      { ...valid, block: { type: 'c' } },
      ['block.type must be one of "a", "b", not a string. Give one of "a", "b".'],
    ],
    ['the lack of such a field', { ...valid, block: {} }, ['block.type is missing. Add it: one of "a", "b".']],
    [
      "a schema's own sentence",
      { ...valid, label: 'A' },
      ['label is invalid: Lower-case letters. Correct the value; /openapi.json has the schema.'],
    ],
    [
      'several at once',
      { seeds: [1], device: 'cpu', rate: 2 },
      [
        'seeds must have at least 2 items. Give at least 2 items.',
        'rate must be less than 1. Give a value of less than 1.',
      ],
    ],
  ])('explain %s', (_what, input, expected) => {
    expect(sentences(schema, input)).toEqual(expected);
  });

  it("hold the schema's own sentence, where it has one, also for what is missing", () => {
    const [fault] = faultsOf(z.object({ url: z.url({ error: 'Give a URL such as http://a' }) }), {});
    expect(fault).toMatchObject({ path: ['url'], detail: 'is missing', message: 'Give a URL such as http://a' });
  });

  it('name a field inside the grid, and the value found there, for any value that does not fit', () => {
    const point = fc.record({ alpha: fc.jsonValue(), beta: fc.jsonValue(), gamma: fc.jsonValue() });
    fc.assert(
      fc.property(point, (grid) => {
        fc.pre(!gridSchema.safeParse(grid).success);
        for (const { path, detail, value } of faultsOf(gridSchema, grid)) {
          expect(formatPath(path)).toMatch(/^(?:alpha|beta|gamma)/);
          expect(detail).not.toBe('');
          expect(value).toBe(valueAt(grid, path));
        }
      }),
    );
  });

  it('never speak of the branch of a union that the value does not have the shape of', () => {
    const range = fc.record({ from: fc.jsonValue(), to: fc.jsonValue(), step: fc.constant('x') });
    fc.assert(
      fc.property(range, (alpha) => {
        const fields = faultsOf(gridSchema, { alpha, beta: [1], gamma: [1] }).map(({ path }) => formatPath(path));
        expect(fields).toContain('alpha.step');
        expect(fields).not.toContain('alpha');
      }),
    );
  });
});

describe('a path', () => {
  it.each<[readonly PropertyKey[], string]>([
    [[], ''],
    [['grid', 'alpha', 1], 'grid.alpha[1]'],
    [[0, 'x', 2, 3], '[0].x[2][3]'],
    [['x'.repeat(301)], `${'x'.repeat(300)}…`],
  ])('%j is written as %s', (path, text) => {
    expect(formatPath(path)).toBe(text);
  });

  it('leads to own fields alone', () => {
    const value = { a: [{ b: 1 }] };
    expect(valueAt(value, ['a', 0, 'b'])).toBe(1);
    expect(valueAt(value, ['a', 1, 'b'])).toBeUndefined();
    expect(valueAt(value, ['constructor'])).toBeUndefined();
    expect(valueAt(value, ['a', 'length'])).toBe(1);
    expect(valueAt('text', ['length'])).toBeUndefined();
  });
});
