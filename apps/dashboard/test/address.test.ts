import { describe, expect, it } from 'vitest';

import { hashOf, parsePlace, type Place, searchPlace, tabs } from '../src/address.ts';

describe('an address', () => {
  it('leads to the place that it was made of', () => {
    const places: Place[] = [
      { page: 'searches' },
      { page: 'new', from: undefined },
      { page: 'new', from: 'a b/c' },
      ...tabs.map((tab) => searchPlace('id', tab)),
      { ...searchPlace('a/b?c', 'trials'), candidate: 'x&y', trial: 'ü' },
    ];
    for (const place of places) expect(parsePlace(hashOf(place))).toEqual(place);
  });

  it('says only what is not as it is anyway', () => {
    expect(hashOf(searchPlace('id'))).toBe('#/searches/id');
    expect(parsePlace('')).toEqual({ page: 'searches' });
  });

  it.each(['#/none', '#/searches', '#/searches/id/none', '#/searches/id/trials/more', '#/new/more', '#/%'])(
    '%s leads nowhere',
    (hash) => {
      expect(parsePlace(hash)).toEqual({ page: 'nowhere' });
    },
  );
});
