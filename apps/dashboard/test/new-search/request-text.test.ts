import { describe, expect, it } from 'vitest';

import {
  formatAxis,
  formatRequest,
  kindOf,
  parseAxis,
  parseNumber,
  parseRequest,
  valueAt,
  withValue,
} from '../../src/new-search/request-text.ts';

describe('a request that is being written', () => {
  it('keeps what it says when it is written anew, with lists on one line', () => {
    const request = { name: 'a', grid: { alpha: [1, 1.2], beta: 'solve', gamma: { from: 1, to: 2, step: 0.1 } } };
    const text = formatRequest(request);
    expect(parseRequest(text)).toEqual({ request });
    expect(text).toContain('[1, 1.2]');
  });

  it.each(['', '{', '[]', '3', 'null', '"text"'])('says why %j is none', (text) => {
    expect(parseRequest(text)).toEqual({ fault: expect.any(String) as string });
  });

  it('takes a value in place, a new one last, and none as the default', () => {
    const request = { name: 'a', grid: { alpha: [1], beta: [2] } };
    expect(Object.keys(withValue(request, ['name'], 'b'))).toEqual(['name', 'grid']);
    expect(withValue(request, ['grid', 'alpha'], [3])).toEqual({ name: 'a', grid: { alpha: [3], beta: [2] } });
    expect(withValue(request, ['recipe', 'epochs'], 4)).toEqual({ ...request, recipe: { epochs: 4 } });
    expect(withValue({ name: 'a', recipe: { epochs: 4 } }, ['recipe', 'epochs'], undefined)).toEqual({ name: 'a' });
    expect(withValue({ name: 'a' }, ['recipe', 'epochs'], undefined)).toEqual({ name: 'a' });
  });

  it('has no value where something else stands in its place', () => {
    expect(valueAt({ grid: [1] }, ['grid', 'alpha'])).toBeUndefined();
    expect(valueAt({ grid: null }, ['grid', 'alpha'])).toBeUndefined();
    expect(valueAt({}, ['name'])).toBeUndefined();
  });

  it('tells the kind of a strategy in both of its forms', () => {
    expect([kindOf('full'), kindOf({ kind: 'racing', batch: 2 }), kindOf(undefined), kindOf([])]).toEqual([
      'full',
      'racing',
      '',
      '',
    ]);
  });
});

describe('an axis', () => {
  it.each([
    ['1, 1.1,1.2', [1, 1.1, 1.2]],
    ['1.5', [1.5]],
    ['1:2:0.25', { from: 1, to: 2, step: 0.25 }],
    [' solve ', 'solve'],
  ])('is read from %j, and shown so that it reads as the same', (text, axis) => {
    expect(parseAxis(text)).toEqual(axis);
    expect(parseAxis(formatAxis(axis))).toEqual(axis);
  });

  it.each(['', '1,', '1, x', '1:2', '1:2:3:4', '1::2', 'solved', 'Infinity'])('says nothing as %j', (text) => {
    expect(parseAxis(text)).toBeUndefined();
  });
});

describe('a number', () => {
  it('is none where nothing is written', () => {
    expect([parseNumber('0'), parseNumber('1e-3'), parseNumber(' '), parseNumber('1 2')]).toEqual([
      0,
      0.001,
      undefined,
      undefined,
    ]);
  });
});
