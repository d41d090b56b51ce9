import { useEffect, useRef, useState } from 'preact/hooks';

import { type Changes, follow, type Followed, type Reading } from './updates.ts';

const nothing = { value: undefined, error: undefined, readAt: undefined } as const;

/** A reading, and how to have it read at once. */
export interface Live<T> extends Reading<T> {
  readonly now: () => void;
}

/**
 * Follows what is read for as long as it is shown.
 *
 * @param key - another one is another thing: what was read of the last is forgotten
 * @param changes - says when to read again; every second where there are none
 */
export function useReading<T>(
  key: string,
  read: () => Promise<T>,
  isFinal: (value: T) => boolean,
  changes?: Changes,
): Live<T> {
  const [state, setState] = useState<{ readonly key: string; readonly reading: Reading<T> }>({ key, reading: nothing });
  const followed = useRef<Followed | undefined>(undefined);
  useEffect(() => {
    const one = follow({ read, isFinal, changes, tab: document, onReading: (reading) => setState({ key, reading }) });
    followed.current = one;
    return one.end;
  }, [key]);
  return { ...(state.key === key ? state.reading : nothing), now: () => followed.current?.now() };
}

/** Reads once for every key; what was read before stays until the new reading is there. */
export function useOnce<T>(key: string, read: () => Promise<T>): Pick<Reading<T>, 'value' | 'error'> {
  const [reading, setReading] = useState<Pick<Reading<T>, 'value' | 'error'>>(nothing);
  useEffect(() => {
    let isOld = false;
    read().then(
      (value) => {
        if (!isOld) setReading({ value, error: undefined });
      },
      (error: unknown) => {
        if (!isOld) setReading(({ value }) => ({ value, error }));
      },
    );
    return () => {
      isOld = true;
    };
  }, [key]);
  return reading;
}
