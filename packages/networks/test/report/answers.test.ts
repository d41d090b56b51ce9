import { CompoundSearchError, familyRequestSchema, networkRequestSchema } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { answerFamilyRequest, answerNetworkRequest, findBaseline } from '../../src/index.ts';

function layersOf(baseline: string, depth: number) {
  return answerNetworkRequest(networkRequestSchema.parse({ depth, layers: true }), findBaseline(baseline)).layers;
}

describe('the layers of a network', () => {
  it('are listed up to 5,000, which includes the deepest network published: ResNet-1202', () => {
    // 600 basic blocks of 7 layers, 2 padded shortcuts, 3 layers of the stem, pooling and classifier.
    expect(layersOf('resnet-20', 600 / 9)).toHaveLength(600 * 7 + 2 + 3 + 2);
  });

  it.each([
    ['efficientnet-b0', 20, 5055],
    ['efficientnet-b0', 200, 50_595],
    ['resnet-20', 100, 6307],
  ])('are refused beyond: those of %s at depth %d are %d', (baseline, depth, count) => {
    let refused: unknown;
    try {
      layersOf(baseline, depth);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(CompoundSearchError);
    expect(refused).toMatchObject({ code: 'VALIDATION_FAILED', field: 'layers', value: count });
  });

  it('do not keep a network from being costed as a whole', () => {
    const request = networkRequestSchema.parse({ depth: 200 });
    expect(answerNetworkRequest(request, findBaseline('efficientnet-b0')).repeats).toEqual([
      200, 400, 400, 600, 600, 800, 200,
    ]);
  });
});

function family(phi: readonly number[]) {
  const request = familyRequestSchema.parse({
    ...{ baseline: 'efficientnet-b0', alpha: 1.2, beta: 1.1, gamma: 1.15 },
    phi,
  });
  return answerFamilyRequest(request, findBaseline('efficientnet-b0'));
}

describe('a family', () => {
  it('has one row a phi, with its multipliers and its notes', () => {
    const rows = [...family([-1, 0, 1])];
    expect(rows.map((row) => [row.phi, row.resolution[0], row.parameters, row.macs, row.notes.length])).toEqual([
      [-1, 195, 4_548_152, 301_557_888, 1],
      [0, 224, 5_288_548, 385_814_752, 0],
      [1, 258, 9_109_994, 992_629_472, 0],
    ]);
    expect(rows[2]?.multipliers).toEqual({ depth: 1.2, width: 1.1, resolution: 1.15 });
  });

  it('stands apart from the published networks: phi 7 is not B7', () => {
    const [member] = family([7]);
    expect(member?.resolution).toEqual([596, 596]);
    expect(member?.parameters).not.toBe(66_347_960);
  });

  it('is counted one member at a time, so that a service can do other work in between', () => {
    const members = family([1, 1000]);
    expect(members.next()).toMatchObject({ done: false, value: { phi: 1, resolution: [258, 258] } });
    // The second one cannot be built, which shows that it was not built before.
    expect(() => members.next()).toThrow('depth would be');
  });
});
