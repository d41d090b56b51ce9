/** One page of a list; `next` is the cursor of the next page, null on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Which page of a list. */
export interface PageOptions {
  readonly limit?: number;
  readonly cursor?: string;
}
