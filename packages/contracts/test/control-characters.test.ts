import { describe, expect, it } from 'vitest';

import { escapeControls } from '../src/index.ts';

describe('text of others', () => {
  it.each([
    ['NUL', '\u0000', '\\u0000'],
    ['a bell', '\u0007', '\\u0007'],
    ['a tab', '\t', '\\u0009'],
    ['a line break', 'a\r\nb', 'a\\u000d\\u000ab'],
    ['an escape sequence', '\u001b[2J', '\\u001b[2J'],
    ['DEL', '\u007f', '\\u007f'],
    ['a sequence introducer of one byte', '\u009b31m', '\\u009b31m'],
    ['a line separator', '\u2028', '\\u2028'],
    ['a paragraph separator', '\u2029', '\\u2029'],
    ['an override of the direction', '\u202egnp.exe', '\\u202egnp.exe'],
    ['an isolate', '\u2066a\u2069', '\\u2066a\\u2069'],
    ['a mark of the direction', 'a\u200fb', 'a\\u200fb'],
  ])('shows %s instead of obeying it', (_name, text, shown) => {
    expect(escapeControls(text)).toBe(shown);
    // What is shown is shown as it is the next time.
    expect(escapeControls(shown)).toBe(shown);
  });

  it.each(['plain', 'café', 'cafe\u0301', '😀', '👩‍🔬', 'שלום', 'a b', '\u00a0', String.raw`a\u001b`])(
    'shows %j as it is',
    (text) => {
      expect(escapeControls(text)).toBe(text);
    },
  );
});
