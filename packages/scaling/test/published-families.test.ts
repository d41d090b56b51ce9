import { describe, expect, it } from 'vitest';

import { findPublishedNetwork, publishedNetworks, roundingPolicies, scaleSide } from '../src/index.ts';

describe('published networks', () => {
  it('are B0 to B8, L2, Lite0 to Lite4, TinyNet A to E and V2-B0 to V2-B3', () => {
    expect([...publishedNetworks.keys()].join(' ')).toBe(
      'b0 b1 b2 b3 b4 b5 b6 b7 b8 l2 lite0 lite1 lite2 lite3 lite4 tinynet-a tinynet-b tinynet-c tinynet-d tinynet-e v2-b0 v2-b1 v2-b2 v2-b3',
    );
  });

  it('are found in any case and with their family before them', () => {
    expect(findPublishedNetwork('EfficientNet-B4')).toBe(findPublishedNetwork('b4'));
  });

  it('have the resolution that the authors of TinyNet truncate 224 r to', () => {
    const ratios = { a: 0.86, b: 0.84, c: 0.825, d: 0.68, e: 0.475 };
    for (const [letter, ratio] of Object.entries(ratios)) {
      const side = scaleSide(224, ratio, roundingPolicies.tinynet.resolution);
      expect(findPublishedNetwork(`tinynet-${letter}`).resolution).toBe(side);
    }
  });

  it('that do not exist are refused with the names that do', () => {
    const listed = [...publishedNetworks.keys()].join(', ');
    expect(() => findPublishedNetwork('b9')).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_BASELINE', value: 'b9', remedy: `Choose one of ${listed}.` }),
    );
  });
});
