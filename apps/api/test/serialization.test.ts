import { expect, it } from 'vitest';
import { z } from 'zod';

import { serializerCompiler } from '../src/serialization.ts';

const schema = z.object({ rank: z.int().min(1), mean: z.number() });
const serialize = serializerCompiler({ schema, method: 'GET', url: '/rows', httpStatus: '200' });

it('writes what the schema has, and nothing else', () => {
  expect(serialize({ rank: 1, mean: 0.5, secret: 'of no schema' })).toBe('{"rank":1,"mean":0.5}');
});

it.each([{ mean: Number.NaN, rank: 1 }, { mean: 0.5, rank: 0 }, { rank: 1 }])(
  'refuses to send %o, which does not fit',
  (answer) => {
    expect(() => serialize(answer)).toThrow('The answer of GET /rows does not fit its schema');
  },
);
