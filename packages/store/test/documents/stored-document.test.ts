import { searchRequestSchema } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { requestKind } from '../../src/documents/kinds.ts';
import { type DocumentKind, readStored, storedText } from '../../src/documents/stored-document.ts';
import { sampleRequest } from '../sample.ts';

const sizeSchema = z.strictObject({
  pixels: z.int(),
  unit: z.enum(['px', 'pt']).default('px'),
  margin: z.union([z.int(), z.strictObject({ left: z.int(), right: z.int() })]).default(0),
  border: z.strictObject({ width: z.int() }).optional(),
});
/** Version 1 said `size`, version 2 `pixel`. */
const sizeKind: DocumentKind<typeof sizeSchema> = {
  name: 'size',
  schema: sizeSchema,
  upgrades: [({ size, ...rest }) => ({ ...rest, pixel: size }), ({ pixel, ...rest }) => ({ ...rest, pixels: pixel })],
};
const read = { pixels: 3, unit: 'px', margin: 0 };

describe('a stored document', () => {
  it('carries the version in which it is written, beside its own keys', () => {
    const stored = JSON.parse(storedText(sizeKind, { pixels: 3, unit: 'pt', margin: 1 })) as unknown;
    expect(stored).toEqual({ pixels: 3, unit: 'pt', margin: 1, documentVersion: 3 });
    expect(readStored(sizeKind, stored)).toEqual({ pixels: 3, unit: 'pt', margin: 1 });
  });

  it.each([
    ['the first version, which renamed fields twice since', { documentVersion: 1, size: 3 }],
    ['no version, which is the first', { size: 3 }],
    ['the second version', { documentVersion: 2, pixel: 3 }],
    ['this version, with a key that it does not know', { documentVersion: 3, pixels: 3, colour: 'red' }],
  ])('is read from %s', (_, stored) => {
    expect(readStored(sizeKind, stored)).toEqual(read);
  });

  it('leaves out unknown keys at any depth, also within a union and under one that goes too', () => {
    const stored = {
      documentVersion: 3,
      pixels: 3,
      extra: { deep: [1] },
      margin: { left: 1, right: 2, top: 3 },
      border: { width: 1, style: { dashed: true } },
    };
    expect(readStored(sizeKind, stored)).toEqual({
      ...read,
      margin: { left: 1, right: 2 },
      border: { width: 1 },
    });
  });

  it.each([
    ['a newer version has written it', { documentVersion: 4, pixels: 3 }, /version 4, and this service knows 3/],
    ['its version is none', { documentVersion: 'x', pixels: 3 }, /version x/],
    ['a field does not fit', { documentVersion: 3, pixels: 'many' }, /pixels/],
    ['it is no object', 'text', /pixels/],
    [
      'the unknown key is not the only fault of a union',
      { documentVersion: 3, pixels: 3, margin: { top: 1 } },
      /margin/,
    ],
  ])('is unreadable, with a code, where %s', (_, stored, message) => {
    const unreadable = expect.objectContaining({
      code: 'RECORD_UNREADABLE',
      field: 'size',
      message: expect.stringMatching(message) as unknown,
    }) as Error;
    expect(() => readStored(sizeKind, stored)).toThrow(unreadable);
  });

  it('is a search request, which is strict where people write it, and lenient where it is read again', () => {
    const request = sampleRequest();
    const { grid, recipe } = request;
    const odd = {
      ...request,
      later: 1,
      grid: { ...grid, alpha: { from: 1, to: 2, step: 0.05, note: 'of a later version' } },
      recipe: { ...recipe, optimizer: { ...recipe.optimizer, clip: 1 } },
    };
    expect(searchRequestSchema.safeParse(odd).success).toBe(false);
    expect(readStored(requestKind, odd)).toEqual(request);
    const withoutDefaults: Partial<typeof request> = { ...request };
    delete withoutDefaults.device;
    delete withoutDefaults.split;
    expect(readStored(requestKind, withoutDefaults)).toEqual(request);
  });
});
