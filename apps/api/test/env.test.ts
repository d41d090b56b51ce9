import { describe, expect, it } from 'vitest';

import { readEnvironment } from '../src/env.ts';

const required = { DATABASE_URL: 'postgresql://u:p@127.0.0.1:5432/db', REDIS_URL: 'redis://127.0.0.1:6379' };

describe('readEnvironment', () => {
  it('listens on loopback and takes every other default where nothing is set', () => {
    expect(readEnvironment(required)).toEqual({
      ...required,
      HOST: '127.0.0.1',
      COMPOUND_SEARCH_ALLOWED_HOSTS: [],
      COMPOUND_SEARCH_ALLOWED_ORIGINS: [],
      COMPOUND_SEARCH_ACCESS: 'automatic',
      RATE_LIMIT: 6000,
      PORT: 3210,
      MAXIMUM_CANDIDATES: 200,
      MAXIMUM_STREAMS: 100,
      BODY_LIMIT: 1_048_576,
      LOG_LEVEL: 'info',
      QUEUE_PREFIX: 'compound-search',
      COMPOUND_SEARCH_DATA_ROOT: 'datasets',
    });
  });

  it('reads numbers, and takes an empty variable for one that is not set', () => {
    const read = readEnvironment({ ...required, PORT: '0', MAXIMUM_CANDIDATES: '7', HOST: '' });
    expect(read).toMatchObject({ PORT: 0, MAXIMUM_CANDIDATES: 7, HOST: '127.0.0.1' });
  });

  it('reads names of hosts, with commas or spaces between them', () => {
    const names = 'Search.example.com, [FD00::1] 192.168.1.5';
    expect(
      readEnvironment({ ...required, COMPOUND_SEARCH_ALLOWED_HOSTS: names }).COMPOUND_SEARCH_ALLOWED_HOSTS,
    ).toEqual(['search.example.com', '[fd00::1]', '192.168.1.5']);
  });

  it.each(['search.example.com:8443', 'https://search.example.com', 'a/b', '*', 'fd00::1'])(
    'refuses %s as the name of a host',
    (name) => {
      const faulty = { ...required, COMPOUND_SEARCH_ALLOWED_HOSTS: `localhost,${name}` };
      expect(() => readEnvironment(faulty)).toThrow(
        /COMPOUND_SEARCH_ALLOWED_HOSTS: Give names without scheme and port/,
      );
    },
  );

  it('reads origins, and refuses what browsers never send as one', () => {
    const read = (origins: string) =>
      readEnvironment({ ...required, COMPOUND_SEARCH_ALLOWED_ORIGINS: origins }).COMPOUND_SEARCH_ALLOWED_ORIGINS;
    expect(read('https://a.example, http://localhost:5173')).toEqual(['https://a.example', 'http://localhost:5173']);
    for (const wrong of ['*', 'a.example', 'https://a.example/', 'https://a.example/page', 'null']) {
      expect(() => read(`https://b.example,${wrong}`)).toThrow(/COMPOUND_SEARCH_ALLOWED_ORIGINS: Give origins/);
    }
  });

  it('refuses an admin key that could be guessed, without showing it', () => {
    const faulty = { ...required, COMPOUND_SEARCH_ADMIN_KEY: 'hunter2' };
    expect(() => readEnvironment(faulty)).toThrow(/COMPOUND_SEARCH_ADMIN_KEY: Give at least 32 random characters$/);
  });

  it('lists all variables at fault at once', () => {
    const faulty = { DATABASE_URL: 'mysql://host', PORT: '65536', LOG_LEVEL: 'loud' };
    expect(() => readEnvironment(faulty)).toThrow(/DATABASE_URL.*REDIS_URL.*PORT.*LOG_LEVEL/s);
  });

  it('cannot be changed once it is read', () => {
    const environment = readEnvironment(required);
    expect(() => Object.assign(environment, { PORT: 1 })).toThrow(TypeError);
  });
});
