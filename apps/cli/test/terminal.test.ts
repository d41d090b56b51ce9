import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { printJson } from '../src/terminal.ts';
import { captureTerminal } from './captured-terminal.ts';

function printed(value: unknown): string {
  const { terminal, output } = captureTerminal();
  printJson(terminal, value);
  return output();
}

describe('JSON for people', () => {
  it('has short lists of numbers on one line', () => {
    expect(printed({ seeds: [1, 2], name: 'x', none: [] })).toBe(
      '{\n  "seeds": [1, 2],\n  "name": "x",\n  "none": []\n}\n',
    );
  });

  it('says the same as any other JSON, whatever strings it holds', () => {
    const strings = fc.oneof(fc.string(), fc.constantFrom('[\n 1,\n 2\n]', '[ 1 ]', '\\n[\\n1]'));
    const values = fc.object({
      values: [strings, fc.double({ noDefaultInfinity: true, noNaN: true }), fc.constant([1, 2])],
    });
    fc.assert(
      fc.property(values, (value) => {
        expect(JSON.parse(printed(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
