import { describe, expect, it } from 'vitest';

import { hashSecret, isSameSecret, makeSecret, secretOf } from '../../src/access/secrets.ts';

describe('makeSecret', () => {
  it('gives 43 digits of base 64, which hold 256 bits, behind a prefix, and never the same', () => {
    const secrets = Array.from({ length: 100 }, makeSecret);
    for (const secret of secrets) expect(secret).toMatch(/^cs_[\w-]{43}$/);
    expect(new Set(secrets).size).toBe(100);
  });
});

describe('hashSecret', () => {
  it('is SHA-256 (FIPS 180-2, appendix B.1)', () => {
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('isSameSecret', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'b', false],
    ['a', 'aa', false],
    ['', '', true],
  ])('of %o and %o is %s', (one, other, same) => {
    expect(isSameSecret(one, other)).toBe(same);
  });
});

describe('secretOf', () => {
  it.each([
    ['Bearer cs_x', 'cs_x'],
    ['bearer   cs_x ', 'cs_x'],
    // The example of RFC 7617, section 2: the user is not looked at.
    ['Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==', 'open sesame'],
    [`Basic ${Buffer.from(':cs_x').toString('base64')}`, 'cs_x'],
    [`Basic ${Buffer.from(':a:b').toString('base64')}`, 'a:b'],
    [`Basic ${Buffer.from('no colon').toString('base64')}`, undefined],
    [`Basic ${Buffer.from('user:').toString('base64')}`, undefined],
    ['Digest cs_x', undefined],
    ['Bearer', undefined],
    ['Bearer a b', undefined],
    ['cs_x', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('finds in %o the secret %o', (authorization, secret) => {
    expect(secretOf(authorization)).toBe(secret);
  });
});
