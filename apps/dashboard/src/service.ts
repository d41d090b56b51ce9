import { type Client, createClient } from '@compound-search/sdk';

const keyName = 'compound-search-key';

/**
 * Where the service is: where the page is from, under whatever path. The browser's own cache keeps answers and asks with
 * their ETag whether they still hold, so that what has not changed is answered by 304 without a body.
 */
function connect(key: string | undefined): Client {
  return createClient({
    baseUrl: new URL('.', location.href.split('#')[0]).href,
    key,
    fetch: (input, init) => fetch(input, { ...init, cache: 'no-cache' }),
  });
}

let current = connect(sessionStorage.getItem(keyName) ?? undefined);

/** The service, with the key that was signed in with. */
export function service(): Client {
  return current;
}

/** Something for every change of a search. Trials change with their search, and more often than anybody can read. */
export async function* changesOf(searchId: string, signal: AbortSignal): AsyncGenerator<string> {
  for await (const { type } of current.watchSearch(searchId, { signal, intervalMilliseconds: 1000 })) {
    if (type !== 'trials') yield type;
  }
}

/** Uses a key until the tab is closed. */
export function signIn(key: string): void {
  sessionStorage.setItem(keyName, key);
  current = connect(key);
}

/** Forgets the key. */
export function signOut(): void {
  sessionStorage.removeItem(keyName);
  current = connect(undefined);
}

/** Whether a key is used. */
export function isSignedIn(): boolean {
  return sessionStorage.getItem(keyName) !== null;
}
