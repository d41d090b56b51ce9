import { idFrom } from '@compound-search/search';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('the id that a key stands for', () => {
  it('is a UUID of version 8, the same for the same key and another for another', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(idFrom(one)).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
        expect(idFrom(one) === idFrom(other)).toBe(one === other);
      }),
    );
  });

  it('has the bits of the SHA-256 of the key beside those of version and variant', () => {
    // printf abc | sha256sum: ba7816bf8f01cfea414140de5dae2223...
    expect(idFrom('abc')).toBe('ba7816bf-8f01-8fea-8141-40de5dae2223');
  });
});
