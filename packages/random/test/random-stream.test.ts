import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { randomStream, shuffle } from '../src/index.ts';
import { Xoshiro128StarStar } from '../src/random-stream.ts';

function take(count: number, draw: () => number): number[] {
  return Array.from({ length: count }, draw);
}

describe('xoshiro128**', () => {
  it('gives the outputs of the reference implementation from state 1, 2, 3, 4', () => {
    // xoshiro128starstar.c 1.1 of Blackman and Vigna; the same vector stands in the tests of the Rust crate rand_xoshiro.
    const random = new Xoshiro128StarStar([1, 2, 3, 4]);
    expect(take(10, () => random.nextUint32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('agrees with the recurrence computed in unsigned arithmetic of arbitrary size, from any state', () => {
    const word = fc.nat({ max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), (state) => {
        fc.pre(state.some((part) => part !== 0));
        const random = new Xoshiro128StarStar(state);
        const mask = 0xffffffffn;
        const rotate = (value: bigint, by: bigint): bigint => ((value << by) | (value >> (32n - by))) & mask;
        let [a, b, c, d] = state.map(BigInt) as [bigint, bigint, bigint, bigint];
        for (let draw = 0; draw < 20; draw++) {
          expect(random.nextUint32()).toBe(Number((rotate((b * 5n) & mask, 7n) * 9n) & mask));
          const shifted = (b << 9n) & mask;
          c ^= a;
          d ^= b;
          b ^= c;
          a ^= d;
          c ^= shifted;
          d = rotate(d, 11n);
        }
      }),
    );
  });

  it('refuses the all-zero state, from which it would give zeros for ever', () => {
    expect(() => new Xoshiro128StarStar([0, 0, 0, 0])).toThrow(RangeError);
  });
});

describe('a random stream', () => {
  it('repeats itself for the same seed and name, seed 0 included', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant(0), fc.maxSafeInteger()), fc.string(), (seed, name) => {
        const one = randomStream(seed, name);
        const other = randomStream(seed, name);
        expect(take(8, () => one.nextUint32())).toEqual(take(8, () => other.nextUint32()));
      }),
    );
  });

  it('starts from the first 16 bytes of a SHA-256 over seed and name', () => {
    // printf '0:order' | sha256sum gives 23eaf8bf b83fde6d 22724dec 41084538 ...; the words are little-endian.
    const stream = randomStream(0, 'order');
    const reference = new Xoshiro128StarStar([0xbff8ea23, 0x6dde3fb8, 0xec4d7222, 0x38450841]);
    expect(take(4, () => stream.nextUint32())).toEqual(take(4, () => reference.nextUint32()));
  });

  it('differs for another seed or another name', () => {
    const first = (seed: number, name: string): string => {
      const random = randomStream(seed, name);
      return take(4, () => random.nextUint32()).join();
    };
    const starts = [first(0, 'a'), first(1, 'a'), first(-1, 'a'), first(0, 'b'), first(0, ''), first(10, 'a')];
    expect(new Set(starts).size).toBe(starts.length);
  });

  it('refuses a seed that is not a safe integer', () => {
    for (const seed of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => randomStream(seed, 'a')).toThrow(RangeError);
    }
  });

  it('draws floats in [0, 1) whose mean and variance are those of the uniform distribution', () => {
    const random = randomStream(3, 'floats');
    const values = take(100_000, () => random.nextFloat());
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    // Five standard errors: 5 * sqrt(1 / 12 / 1e5) = 0.0046 and 5 * sqrt(1 / 180 / 1e5) = 0.0012.
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(0.0046);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.0012);
  });

  it('draws every integer below a bound equally often', () => {
    const random = randomStream(5, 'below');
    const counts = new Array<number>(7).fill(0);
    for (let draw = 0; draw < 70_000; draw++) {
      const value = random.nextBelow(7);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    // 22.46 is the 0.1 % point of chi-square with 6 degrees of freedom.
    expect(chiSquare).toBeLessThan(22.46);
  });

  it('does not favour small integers where the bound is no divisor of 2^32', () => {
    // Below 3 * 2^30, a plain remainder would give the lower third half of all draws.
    const random = randomStream(5, 'bias');
    const low = take(30_000, () => random.nextBelow(3 * 2 ** 30)).filter((value) => value < 2 ** 30).length;
    // A third of 30,000 within five standard errors, 5 * sqrt(30000 * 2 / 9) = 408.
    expect(Math.abs(low - 10_000)).toBeLessThan(408);
  });

  it('refuses a bound outside 1 to 2^32', () => {
    const random = randomStream(0, 'bounds');
    for (const bound of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN])
      expect(() => random.nextBelow(bound)).toThrow(RangeError);
    expect(random.nextBelow(1)).toBe(0);
  });
});

describe('shuffling', () => {
  it('keeps every value, in place', () => {
    fc.assert(
      fc.property(fc.int32Array(), fc.integer(), (values, seed) => {
        const shuffled = Int32Array.from(values);
        expect(shuffle(shuffled, randomStream(seed, 'shuffle'))).toBe(shuffled);
        expect(shuffled.toSorted()).toEqual(values.toSorted());
      }),
    );
  });

  it('gives each of the six orders of three values equally often', () => {
    const random = randomStream(11, 'orders');
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 12_000; draw++) {
      const order = shuffle(Int32Array.of(1, 2, 3), random).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // 2,000 each within five standard errors, 5 * sqrt(12000 * 5 / 36) = 204.
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(204);
  });
});
