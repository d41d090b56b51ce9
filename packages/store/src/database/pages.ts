import { CompoundSearchError } from '@compound-search/contracts';

import { unlessUnreadable } from '../documents/stored-document.ts';

export interface PageRequest {
  /** Most items on the page. */
  readonly limit: number;
  /** `next` of the page before; absent for the first. */
  readonly cursor?: string | undefined;
}

/** One page of a list; `next` is null on the last. */
export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
  /** Identifiers of what this version cannot read; whoever asks for one of them is told why. Absent where there are none. */
  readonly unreadable?: string[];
}

const LARGEST_SEQUENCE = 2n ** 63n - 1n;

/** The sequence number that a cursor stands for. @throws CompoundSearchError `VALIDATION_FAILED` where it stands for none. */
export function sequenceOf({ cursor }: PageRequest): bigint | undefined {
  if (cursor === undefined) return undefined;
  const sequence = /^\d{1,19}$/.test(cursor) ? BigInt(cursor) : undefined;
  if (sequence === undefined || sequence > LARGEST_SEQUENCE) {
    throw new CompoundSearchError('VALIDATION_FAILED', 'The cursor is not one that a list has given', {
      field: 'cursor',
      value: cursor,
      remedy: 'Take `next` of the page before, or leave the cursor out for the first page.',
    });
  }
  return sequence;
}

/** A page of rows that were read with one more than the limit, which tells whether another page follows. */
export function pageOfRows<Row extends { id: string; sequence: bigint }, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const read = shown.map((row) => ({ id: row.id, item: unlessUnreadable(() => toItem(row)) }));
  const unreadable = read.filter(({ item }) => item === undefined).map(({ id }) => id);
  return {
    items: read.map(({ item }) => item).filter((item) => item !== undefined),
    next: rows.length > limit && last !== undefined ? String(last.sequence) : null,
    ...(unreadable.length === 0 ? {} : { unreadable }),
  };
}
