import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  integerBetween,
  parseAxis,
  parseNamedNumbers,
  parseNumber,
  parseNumbers,
} from '../../src/commands/arguments.ts';

describe('an axis on the command line', () => {
  it('is a list of values', () => {
    expect(parseAxis('1,1.1,1.2')).toEqual([1, 1.1, 1.2]);
    expect(parseAxis('1.15')).toEqual([1.15]);
  });

  it('is a range of from, to and step', () => {
    expect(parseAxis('1:2:0.05')).toEqual({ from: 1, to: 2, step: 0.05 });
  });

  it('is solved', () => {
    expect(parseAxis('solve')).toBe('solve');
  });

  it.each(['', 'Solve', '1:2', '1:2:3:4', '1,,2', 'a', '1:x:1', 'NaN', '1e999', 'Infinity', '1:2:'])(
    'is not %j',
    (text) => {
      expect(() => parseAxis(text)).toThrow(/Give/);
    },
  );

  it('carries every finite number to the bit', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), (values) => {
        // The text of -0 is 0.
        expect(parseAxis(values.join(','))).toEqual(values.map((value) => (value === 0 ? 0 : value)));
      }),
    );
  });
});

describe('numbers on the command line', () => {
  it('are finite', () => {
    expect(parseNumber('-0.5')).toBe(-0.5);
    expect(parseNumbers('1,2,2')).toEqual([1, 2, 2]);
    expect(() => parseNumber(' ')).toThrow('Give a finite number.');
  });

  it('have names', () => {
    expect(parseNamedNumbers('macsRatio=2.2,memoryBytes=2e9')).toEqual({ macsRatio: 2.2, memoryBytes: 2e9 });
    for (const text of ['', 'macs', '=1', 'macs=', 'macs=1=2', 'macs=x']) {
      expect(() => parseNamedNumbers(text)).toThrow(/Give/);
    }
  });

  it('stay within their bounds', () => {
    const port = integerBetween(0, 65_535);
    expect(port('65535')).toBe(65_535);
    for (const text of ['-1', '65536', '1.5', 'x', '']) expect(() => port(text)).toThrow(/number/);
  });
});
