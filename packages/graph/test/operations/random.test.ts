import { describe, expect, it } from 'vitest';

import {
  constant,
  Graph,
  placeholder,
  statelessRandomGamma,
  statelessRandomIntegers,
  statelessRandomNormal,
  statelessRandomTruncatedNormal,
  statelessRandomUniform,
} from '../../src/index.ts';
import { load } from '../tensorflow.ts';

const size = 20_000;

async function draw(seeds: readonly (readonly [number, number])[]): Promise<Record<string, readonly number[]>[]> {
  const graph = new Graph();
  const seed = placeholder(graph, 'seed', { dtype: 'int32', shape: [2] });
  const outputs = {
    uniform: statelessRandomUniform(seed, { shape: [size] }),
    normal: statelessRandomNormal(seed, { shape: [size] }),
    truncated: statelessRandomTruncatedNormal(seed, { shape: [size] }),
    gamma: statelessRandomGamma(seed, { shape: [size], alpha: 2.25 }),
    integers: statelessRandomIntegers(seed, { shape: [size], from: -2, below: 3 }),
  };
  const loaded = await load(graph, { signatures: { draw: { inputs: { seed }, outputs } } });
  const drawn: Record<string, readonly number[]>[] = [];
  for (const values of seeds) {
    const results = await loaded.run('draw', { seed: values });
    drawn.push(Object.fromEntries(Object.entries(results).map(([name, result]) => [name, result.values])));
  }
  await loaded.dispose();
  return drawn;
}

function moments(values: readonly number[] = []): { mean: number; deviation: number } {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

describe('stateless random numbers', () => {
  it('are a function of the seed alone', async () => {
    const [first, second, again] = await draw([
      [1, 2],
      [1, 3],
      [1, 2],
    ]);
    expect(again).toEqual(first);
    for (const name of Object.keys(first ?? {})) expect(second?.[name]).not.toEqual(first?.[name]);
  });

  it('have the moments and the bounds of their distributions', async () => {
    const [drawn = {}] = await draw([[5, 6]]);
    const { uniform = [], truncated = [], integers = [] } = drawn;
    // Standard errors of the mean are below 1 / sqrt(20000) = 0.007; the bounds are more than four of them.
    expect(moments(uniform).mean).toBeCloseTo(0.5, 1);
    expect(moments(uniform).deviation).toBeCloseTo(Math.sqrt(1 / 12), 1);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    expect(Math.abs(moments(drawn['normal']).mean)).toBeLessThan(0.03);
    expect(moments(drawn['normal']).deviation).toBeCloseTo(1, 1);
    // Mean and variance of the gamma distribution are its alpha. Their standard errors are 0.011 and 0.043, the latter
    // from the fourth central moment 3 alpha (alpha + 2).
    expect(Math.abs(moments(drawn['gamma']).mean - 2.25)).toBeLessThan(0.045);
    expect(Math.abs(moments(drawn['gamma']).deviation ** 2 - 2.25)).toBeLessThan(0.18);
    // The standard normal distribution cut at two standard deviations has the deviation 0.8796.
    expect(moments(truncated).deviation).toBeCloseTo(0.8796, 1);
    expect(Math.max(...truncated.map(Math.abs))).toBeLessThanOrEqual(2);
    expect([...new Set(integers)].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
  });

  it('read all 64 bits of both words of an int64 seed', async () => {
    const graph = new Graph();
    const words = [0n, 1n, 1n << 31n, 1n << 40n, -(1n << 62n)];
    const outputs = Object.fromEntries(
      words.flatMap((one) =>
        words.map((other) => [
          `${one} ${other}`,
          statelessRandomUniform(constant(graph, [one, other]), { shape: [4] }),
        ]),
      ),
    );
    const loaded = await load(graph, { signatures: { draw: { outputs } } });
    const drawn = Object.values(await loaded.run('draw')).map(({ values }) => values.join());
    await loaded.dispose();
    expect(new Set(drawn).size).toBe(words.length ** 2);
  });

  it('take a seed of two int32 or int64 numbers only', () => {
    const graph = new Graph();
    const three = constant(graph, [1, 2, 3], { dtype: 'int32' });
    expect(() => statelessRandomUniform(three, { shape: [2] })).toThrow(
      'StatelessRandomUniform: the seed must have shape [2]; its shape is [3]',
    );
    const floats = constant(graph, [1, 2]);
    expect(() => statelessRandomNormal(floats, { shape: [2] })).toThrow(
      'StatelessRandomNormal: the seed must be int32 or int64; it is float32',
    );
    const seed = constant(graph, [1, 2], { dtype: 'int32' });
    expect(() => statelessRandomIntegers(seed, { shape: [2], from: 3, below: 3 })).toThrow(
      'StatelessRandomUniformInt: below must be above from; they are 3 and 3',
    );
  });
});
