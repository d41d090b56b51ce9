import { isStorableText, storableText } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

describe('storableText', () => {
  it.each([
    ['a NUL', 'a\0b', 'a\uFFFDb'],
    ['each of several NULs', '\0\0', '\uFFFD\uFFFD'],
    ['a high surrogate alone', 'a\ud800b', 'a\uFFFDb'],
    ['a low surrogate alone', '\udc00', '\uFFFD'],
    ['a pair the wrong way round', '\udc00\ud800', '\uFFFD\uFFFD'],
    ['a NUL within a pair', '\ud83d\0\ude00', '\uFFFD\uFFFD\uFFFD'],
  ])('replaces %s', (_, text, stored) => {
    expect(isStorableText(text)).toBe(false);
    expect(storableText(text)).toBe(stored);
    expect(isStorableText(stored)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['a whole pair', '😀'],
    ['other control characters', '\u0001\u001b\u007f\r\n\t'],
    ['a text from right to left with its marks', '\u200fשלום\u202e'],
    ['a composed letter', 'caf\u00e9'],
    ['a decomposed letter', 'cafe\u0301'],
    ['noncharacters', '\uffff\ufffe'],
  ])('keeps %s byte for byte', (_, text) => {
    expect(isStorableText(text)).toBe(true);
    expect(storableText(text)).toBe(text);
  });
});
