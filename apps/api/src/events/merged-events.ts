import type { SearchEvent } from '@compound-search/contracts';

/** How events of one kind are told. */
export interface Telling<T> {
  /** Milliseconds between two times, at least. */
  readonly pace: number;
  readonly toEvents: (items: readonly T[]) => SearchEvent[];
}

/** Events of one kind that are still to be told: of each thing its last state alone. */
export class MergedEvents<T> {
  readonly #telling: Telling<T>;
  readonly #items = new Map<string, T>();
  #from: bigint | undefined;
  #toldAt = -Infinity;

  constructor(telling: Telling<T>) {
    this.#telling = telling;
  }

  get size(): number {
    return this.#items.size;
  }

  /** The cursor before the first of them; undefined where there are none. */
  get from(): bigint | undefined {
    return this.#from;
  }

  /** When they may be told; undefined where there are none. */
  get dueAt(): number | undefined {
    return this.size === 0 ? undefined : this.#toldAt + this.#telling.pace;
  }

  put(id: string, item: T, from: bigint): void {
    if (this.#from === undefined || from < this.#from) this.#from = from;
    this.#items.set(id, item);
  }

  take(now: number): SearchEvent[] {
    const events = this.size === 0 ? [] : this.#telling.toEvents([...this.#items.values()]);
    if (this.size > 0) this.#toldAt = now;
    this.clear();
    return events;
  }

  clear(): void {
    this.#items.clear();
    this.#from = undefined;
  }
}
