import { createHash } from 'node:crypto';

/** A source of pseudo-random numbers. The same seed and stream give the same numbers on every machine. */
export interface RandomStream {
  /** The next 32 random bits, as an integer from 0 to 2^32 - 1. */
  nextUint32(): number;
  /** A multiple of 2^-53 in [0, 1). */
  nextFloat(): number;
  /** An integer from 0 to bound - 1, all equally likely. The bound is an integer from 1 to 2^32. */
  nextBelow(bound: number): number;
}

const twoTo32 = 2 ** 32;

/**
 * xoshiro128** 1.1 (Blackman and Vigna 2018, https://prng.di.unimi.it/xoshiro128starstar.c): 32-bit arithmetic, which
 * JavaScript does natively, and a period of 2^128 - 1.
 */
export class Xoshiro128StarStar implements RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /** Four 32-bit words that are not all zero. */
  constructor(state: readonly [number, number, number, number]) {
    [this.a, this.b, this.c, this.d] = state;
    if ((this.a | this.b | this.c | this.d) === 0) throw new RangeError('The state must not be all zero.');
  }

  nextUint32(): number {
    const product = Math.imul(this.b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  nextFloat(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 2 ** 26 + low) * 2 ** -53;
  }

  nextBelow(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > twoTo32) {
      throw new RangeError(`The bound must be an integer from 1 to 2^32, but it is ${bound}.`);
    }
    // Numbers from the last, incomplete run of `bound` would favour small results, so they are drawn again.
    const limit = twoTo32 - (twoTo32 % bound);
    let drawn = this.nextUint32();
    while (drawn >= limit) drawn = this.nextUint32();
    return drawn % bound;
  }
}

/**
 * The random stream of a seed and a purpose, such as `randomStream(7, 'data-order/3')`. The state is a SHA-256 of both,
 * so streams of neighbouring seeds or of different purposes are unrelated. Any safe integer is a seed, 0 too.
 */
export function randomStream(seed: number, stream: string): RandomStream {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`The seed must be a safe integer, but it is ${seed}.`);
  const digest = createHash('sha256').update(`${seed}:${stream}`).digest();
  return new Xoshiro128StarStar([
    digest.readInt32LE(0),
    digest.readInt32LE(4),
    digest.readInt32LE(8),
    digest.readInt32LE(12),
  ]);
}

/** Puts the values into a uniformly random order, in place (Fisher and Yates), and returns them. */
export function shuffle(values: Int32Array, random: RandomStream): Int32Array {
  for (let last = values.length - 1; last > 0; last--) {
    const chosen = random.nextBelow(last + 1);
    const kept = values[last] ?? 0;
    values[last] = values[chosen] ?? 0;
    values[chosen] = kept;
  }
  return values;
}
