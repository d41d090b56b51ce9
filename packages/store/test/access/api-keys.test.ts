import { describe, expect, it } from 'vitest';

import { useScratchStore } from '../scratch-store.ts';

const scratch = useScratchStore();

describe('keys', () => {
  it('are found by their hash, and no more once they are taken back', async () => {
    const { store } = scratch();
    const key = await store.addApiKey({ name: 'found', role: 'submit' }, 'hash of found');
    expect(key).toMatchObject({ name: 'found', role: 'submit' });
    expect(await store.findApiKey('hash of found')).toEqual(key);
    expect(await store.findApiKey('another hash')).toBeNull();
    expect(await store.deleteApiKey(key?.id ?? '')).toEqual(key);
    expect(await store.findApiKey('hash of found')).toBeNull();
    expect(await store.deleteApiKey(key?.id ?? '')).toBeNull();
    expect(await store.deleteApiKey('no uuid')).toBeNull();
  });

  it('are listed in the order in which they were made', async () => {
    const { store } = scratch();
    for (const name of ['zebra', 'ant']) await store.addApiKey({ name, role: 'read' }, `hash of ${name}`);
    expect((await store.listApiKeys()).map(({ name }) => name).slice(-2)).toEqual(['zebra', 'ant']);
  });

  it('of one name that are made at once come to a single one', async () => {
    const { store } = scratch();
    const made = await Promise.all(
      [1, 2, 3, 4, 5].map((number) => store.addApiKey({ name: 'contended', role: 'admin' }, `contended ${number}`)),
    );
    expect(made.filter((key) => key !== null)).toHaveLength(1);
    expect((await store.listApiKeys()).filter(({ name }) => name === 'contended')).toHaveLength(1);
  });
});
