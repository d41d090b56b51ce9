import { describe, expect, it } from 'vitest';

import { readEnvironment } from '../src/env.ts';

describe('the environment of the command', () => {
  it('needs nothing, and listens on loopback unless it is told otherwise', () => {
    expect(readEnvironment({})).toEqual({ HOST: '127.0.0.1', inherited: {} });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readEnvironment({ DATABASE_URL: '', PORT: '' }).DATABASE_URL).toBeUndefined();
    expect(readEnvironment({ PORT: '' }).PORT).toBeUndefined();
  });

  it('hands all variables on to the processes that it starts', () => {
    expect(readEnvironment({ LOG_LEVEL: 'debug', PORT: '8080' })).toMatchObject({
      PORT: 8080,
      inherited: { LOG_LEVEL: 'debug', PORT: '8080' },
    });
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['COMPOUND_SEARCH_SLOTS', '0'],
    ['COMPOUND_SEARCH_URL', 'ftp://somewhere'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(
      expect.objectContaining({ code: 'VALIDATION_FAILED', field: name, value }),
    );
  });

  it('does not show the password of a URL that it refuses', () => {
    expect(() => readEnvironment({ COMPOUND_SEARCH_URL: 'ftp://user:secret@somewhere/' })).toThrow(
      expect.objectContaining({ field: 'COMPOUND_SEARCH_URL', value: 'ftp://somewhere/' }),
    );
  });
});
