import type { ApiKey, ApiKeyRequest } from '@compound-search/contracts';

/** The keys that people and programs have been given. Only hashes of them are kept. */
export interface ApiKeyStore {
  /**
   * Keeps a new key by its hash.
   * @returns null where another key has the name.
   */
  addApiKey(request: ApiKeyRequest, hash: string): Promise<ApiKey | null>;
  /** The key of a hash; null where there is none (any more). */
  findApiKey(hash: string): Promise<ApiKey | null>;
  /** In the order in which they were made. */
  listApiKeys(): Promise<ApiKey[]>;
  /** Takes a key back, at once for all services. @returns the key; null where there is none. */
  deleteApiKey(id: string): Promise<ApiKey | null>;
}
