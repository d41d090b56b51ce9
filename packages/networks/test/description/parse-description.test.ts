import { CompoundSearchError } from '@compound-search/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import {
  baselines,
  buildNetwork,
  findBaseline,
  fingerprint,
  networkDescriptionSchema,
  parseNetworkDescription,
  scaleBaseline,
} from '../../src/index.ts';
import { randomDescription, randomMultipliers } from '../random-description.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function micro() {
  return JSON.parse(JSON.stringify(findBaseline('efficientnet-micro'))) as Record<string, Json>;
}
function stageOf(description: Record<string, Json>, index: number) {
  return (description['stages'] as Record<string, Json>[])[index] ?? {};
}

function faultOf(value: unknown): CompoundSearchError {
  try {
    parseNetworkDescription(value);
  } catch (error) {
    if (error instanceof CompoundSearchError) return error;
    throw error;
  }
  throw new Error('The description was accepted.');
}

describe("a person's own network", () => {
  it('may be any baseline, unchanged', () => {
    for (const baseline of baselines.values()) {
      expect(parseNetworkDescription(JSON.parse(JSON.stringify(baseline)))).toEqual(baseline);
    }
  });

  it('may be any mixture of blocks, at any scale', () => {
    fc.assert(
      fc.property(randomDescription(), randomMultipliers, (description, multipliers) => {
        const parsed = parseNetworkDescription(JSON.parse(JSON.stringify(description)));
        const network = buildNetwork(scaleBaseline(parsed, multipliers));
        expect(network.layers.at(-1)?.outputShape).toEqual({ spatial: [], channels: description.classes });
      }),
      { numRuns: 300 },
    );
  });

  it('has a schema that can be published as JSON Schema', () => {
    const published = z.toJSONSchema(networkDescriptionSchema);
    expect(published.required).toContain('stages');
    expect(JSON.stringify(published)).toContain('Lower-case letters, digits, dots and hyphens.');
  });
});

describe('a fault is named with its path:', () => {
  it.each([
    ['an unknown activation', 'activation', { activation: 'gelu' }, {}],
    ['an unknown activation of a stage', 'stages.1.activation', {}, { activation: 'tanh' }],
    ['a stride larger than the map', 'stages.1.stride', {}, { stride: 11 }],
    ['a stride larger than the image', 'stem.stride', { stem: { channels: 8, kernel: 3, stride: 21 } }, {}],
    ['a padding beyond the kernel', 'stem.padding', { stem: { channels: 8, kernel: 3, stride: 1, padding: 4 } }, {}],
    ['a negative padding', 'stem.padding', { stem: { channels: 8, kernel: 3, stride: 1, padding: -1 } }, {}],
    ['too little padding', 'stem.padding', { stem: { channels: 8, kernel: 23, stride: 1, padding: 1 } }, {}],
    ['an axis too many', 'stem.padding', { stem: { channels: 8, kernel: 3, stride: 1, padding: [1, 1, 1] } }, {}],
    ['a residual between unequal shapes', 'stages.1.shortcut', {}, { shortcut: 'identity' }],
    ['padding to fewer channels', 'stages.1.shortcut', {}, { shortcut: 'padded', channels: 4 }],
    ['a kernel with an axis too many', 'stages.1.kernel', {}, { kernel: [3, 3, 3] }],
    ['a stride with an axis too many', 'stages.1.stride', {}, { stride: [1, 2, 2] }],
    ['an unknown block', 'stages.1.block', {}, { block: 'transformer' }],
    ['no repeats', 'stages.1.repeats', {}, { repeats: 0 }],
    ['half a channel', 'stages.1.channels', {}, { channels: 12.5 }],
    ['channels beyond bounds', 'stages.1.channels', {}, { channels: 1e9 }],
    ['an unknown key', 'stages.1.dilation', {}, { dilation: 2 }],
    ['no stages', 'stages', { stages: [] }, {}],
    ['no input', 'input', { input: null }, {}],
    ['an image of no size', 'input.spatial.0', { input: { spatial: [0, 20], channels: 1 } }, {}],
    ['a rate of 1', 'regularization.dropoutRate', { regularization: { dropoutRate: 1, stochasticDepthRate: 0 } }, {}],
    ['an unknown policy', 'rounding.policy', { rounding: { policy: 'floor' } }, {}],
    ['a name with spaces', 'name', { name: 'my net' }, {}],
  ])('%s', (_fault, field, changes, stageChanges) => {
    const description: Record<string, Json> = { ...micro(), ...changes };
    const stages = description['stages'] as Json[];
    if (stages.length > 1) stages[1] = { ...stageOf(description, 1), ...stageChanges };
    const fault = faultOf(description);
    expect({ code: fault.code, field: fault.field }).toEqual({ code: 'NETWORK_INVALID', field });
    expect(fault.remedy).not.toBe('');
  });

  it('a bottleneck whose reduction does not divide its channels', () => {
    const description = JSON.parse(JSON.stringify(findBaseline('resnet-50'))) as Record<string, Json>;
    stageOf(description, 2)['channels'] = 1022;
    expect(faultOf(description)).toMatchObject({ code: 'NETWORK_INVALID', field: 'stages.2.channels', value: 1022 });
  });

  it.each([undefined, null, 1, 'efficientnet-b0', [], {}])('%j, which is no network at all', (value) => {
    expect(faultOf(value).code).toBe('NETWORK_INVALID');
  });

  it('more blocks than can be costed', () => {
    const description = micro();
    description['stages'] = Array.from({ length: 64 }, () => ({ ...stageOf(micro(), 0), repeats: 1000 }));
    expect(faultOf(description)).toMatchObject({ code: 'NETWORK_INVALID', field: 'depth' });
  });
});

/** A change of one value of a description, or of one of its numbers, by index among all of them. */
interface Mutation {
  readonly at: number;
  readonly numbersOnly: boolean;
  /** Nothing removes the value. */
  readonly replacement: Json | undefined;
}

function mutate(value: Json, { at, numbersOnly, replacement }: Mutation): Json {
  const places: { holder: Record<string, Json> | Json[]; key: string }[] = [];
  const visit = (node: Json): void => {
    if (typeof node !== 'object' || node === null) return;
    const holder: Record<string, Json> | Json[] = node;
    for (const [key, item] of Object.entries(holder)) {
      if (!numbersOnly || typeof item === 'number') places.push({ holder, key });
      visit(item);
    }
  };
  visit(value);
  const place = places[at % places.length];
  if (place === undefined) return value;
  if (replacement === undefined) Reflect.deleteProperty(place.holder, place.key);
  else Reflect.set(place.holder, place.key, replacement);
  return value;
}

describe('mutated descriptions', () => {
  const at = fc.nat({ max: 10_000 });
  const anything = fc.oneof(
    fc.constantFrom<Json>(null, true, '', '__proto__', [], {}, [[]], -1, 0, 0.5, 1e-300, 1e300, 2 ** 31, 64, 65_536),
    fc.integer({ min: -5, max: 5000 }),
    fc.string({ maxLength: 10 }),
    fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 }),
    fc.constantFrom<Json>('swish', 'identity', 'padded', 'projection', 'none', 'residual-basic', 'inverted-residual'),
  );
  const wild = fc.record({
    at,
    numbersOnly: fc.constant(false),
    replacement: fc.option(anything, { nil: undefined, freq: 8 }),
  });
  const plausible = fc.record({ at, numbersOnly: fc.constant(true), replacement: fc.integer({ min: 1, max: 64 }) });
  const mutations = fc.oneof(
    fc.array(wild, { minLength: 1, maxLength: 3 }),
    fc.array(plausible, { minLength: 1, maxLength: 2 }),
  );

  it('are each accepted and buildable, or refused with a code: 1,000 of them', () => {
    const outcomes = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...baselines.keys()), mutations, (name, steps) => {
        const original = JSON.parse(JSON.stringify(findBaseline(name))) as Json;
        const mutant = steps.reduce(mutate, original);
        try {
          const parsed = parseNetworkDescription(mutant);
          const { layers } = buildNetwork(scaleBaseline(parsed, { depth: 1, width: 1, resolution: 1 }));
          expect(layers.at(-1)?.outputShape).toEqual({ spatial: [], channels: parsed.classes });
          outcomes.accepted += 1;
        } catch (error) {
          if (!(error instanceof CompoundSearchError)) throw error;
          expect(error.code).toBe('NETWORK_INVALID');
          expect(error.field).toBeTruthy();
          outcomes.refused += 1;
        }
      }),
      { numRuns: 1000 },
    );
    // Both ways are really taken: about 300 and 700 times.
    expect(outcomes.accepted).toBeGreaterThan(100);
    expect(outcomes.refused).toBeGreaterThan(300);
  });

  it('takes a recipe of its own, which has no part in what the network is, and refuses one that cannot be', () => {
    const own = (recipe: object) => ({ ...findBaseline('resnet-micro'), recipe });
    const fingerprintOf = (recipe: object) => {
      const description = parseNetworkDescription(own(recipe));
      return fingerprint(buildNetwork(scaleBaseline(description, { depth: 1, width: 1, resolution: 1 })));
    };
    expect(fingerprintOf({ learningRate: 0.1 })).toBe(fingerprintOf({ epochs: 5 }));
    expect(faultOf(own({ optimizer: { kind: 'sgd', momentum: 2 } }))).toMatchObject({
      code: 'NETWORK_INVALID',
      field: 'recipe.optimizer.momentum',
      value: 2,
    });
    expect(faultOf(own({ learningRat: 1 }))).toMatchObject({ field: 'recipe' });
  });
});
