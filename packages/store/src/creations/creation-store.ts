/** What a request with an Idempotency-Key makes: one thing, however often the request comes. */
export interface Creation {
  /** A UUID that is derived from the key, so that the same key can make nothing else. */
  readonly id: string;
  /** Tells whether a request with the same key is the same request. */
  readonly requestHash: string;
}

/** Thrown by what stores a {@link Creation} that is stored already; nothing is stored then. */
export class AlreadyCreatedError extends Error {
  override readonly name = 'AlreadyCreatedError';

  constructor(id: string, cause: unknown) {
    super(`${id} is stored already`, { cause });
  }
}

export interface CreationStore {
  /**
   * The hash of the request that made the search or the trial with this id; null where there is none, or it was made
   * without a key.
   */
  getRequestHash(id: string): Promise<string | null>;
}
