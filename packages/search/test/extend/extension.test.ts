import { extensionRequestSchema, type SearchRequest, searchRequestSchema } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { extendRequest, extensionNotes } from '../../src/extend/extension.ts';
import { sampleRequest } from '../sample-request.ts';

const before: SearchRequest = searchRequestSchema.parse(sampleRequest({ name: 'before', seeds: [1, 2] }));

function extend(extension: unknown): SearchRequest {
  return extendRequest(before, extensionRequestSchema.parse(extension));
}

describe('the request of an extension', () => {
  it('has the added seeds behind those of the search before, each once, and all else as it was', () => {
    expect(extend({ seeds: [2, 5, 4] })).toEqual({ ...before, name: undefined, seeds: [1, 2, 5, 4] });
  });

  it('has the axes that are given and keeps the others', () => {
    const { grid, seeds } = extend({ name: 'finer', grid: { beta: [1.05, 1.1, 1.15] } });
    expect(grid).toEqual({ ...before.grid, beta: [1.05, 1.1, 1.15] });
    expect(seeds).toEqual([1, 2]);
  });

  it('has another length where epochs are given, and says that nothing of that is taken over', () => {
    const epochs = before.recipe.epochs + 3;
    expect(extend({ epochs }).recipe).toEqual({ ...before.recipe, epochs });
    expect(extensionNotes('earlier', before, { epochs })).toEqual([
      `Trainings of ${epochs} epochs are others than those of ${before.recipe.epochs} in search earlier: ` +
        'every trial is trained from its start.',
    ]);
    expect(extensionNotes('earlier', before, { seeds: [3] })).toEqual([]);
  });

  it.each([
    ['only seeds that it has', { seeds: [2, 1] }, 'seeds'],
    ['the epochs that it has', { epochs: before.recipe.epochs }, 'epochs'],
    ['more seeds than a search may have', { seeds: Array.from({ length: 99 }, (_, index) => index + 10) }, 'seeds'],
  ])('is refused for %s', (_, extension, field) => {
    expect(() => extend(extension)).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED', field }) as Error);
  });

  it('must add something', () => {
    expect(extensionRequestSchema.safeParse({ name: 'only a name' }).success).toBe(false);
  });
});
