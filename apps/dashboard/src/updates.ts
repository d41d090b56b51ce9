/**
 * Where updates come from. Whoever wants to know what the service knows follows it here, and nowhere else does the page
 * ask again and again.
 */

/** How a reading stands. What was read last stays while the service is away. */
export interface Reading<T> {
  readonly value: T | undefined;
  /** Why the last reading failed; undefined where it did not. */
  readonly error: unknown;
  /** When the service last answered, in milliseconds as `Date.now` counts. */
  readonly readAt: number | undefined;
}

const everySecond = 1000;
/** Nobody looks: often enough that a tab is up to date soon after it comes back. */
const whenHidden = 30_000;
/** Longest pause between two tries while the service is away. */
const longestPause = 8000;

/** How a thing is followed. */
export interface Following<T> {
  readonly read: () => Promise<T>;
  /** Whether it will not change any more by itself. */
  readonly isFinal: (value: T) => boolean;
  readonly onReading: (reading: Reading<T>) => void;
}

/** Something that is followed. */
export interface Followed {
  /** Reads at once: something was done to it. */
  readonly now: () => void;
  readonly end: () => void;
}

/** Reads at once and then every second, one request at a time; less often while nobody looks or the service is away. */
export function follow<T>({ read, isFinal, onReading }: Following<T>): Followed {
  let last: Reading<T> = { value: undefined, error: undefined, readAt: undefined };
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isReading = false;
  let isAgain = false;
  let hasEnded = false;
  const tell = (reading: Reading<T>): void => {
    last = reading;
    if (!hasEnded) onReading(reading);
  };
  const turn = async (): Promise<void> => {
    clearTimeout(timer);
    isReading = true;
    try {
      tell({ value: await read(), error: undefined, readAt: Date.now() });
      failures = 0;
    } catch (error) {
      failures += 1;
      tell({ ...last, error });
    }
    isReading = false;
    if (hasEnded) return;
    if (isAgain) now();
    else if (failures > 0 || last.value === undefined || !isFinal(last.value)) {
      timer = setTimeout(() => void turn(), pauseAfter(failures));
    }
  };
  const now = (): void => {
    isAgain = isReading;
    if (!isReading && !hasEnded) void turn();
  };
  const onVisibility = (): void => {
    if (!document.hidden) now();
  };
  document.addEventListener('visibilitychange', onVisibility);
  now();
  return {
    now,
    end: () => {
      hasEnded = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibility);
    },
  };
}

function pauseAfter(failures: number): number {
  if (document.hidden) return whenHidden;
  return Math.min(longestPause, everySecond * 2 ** failures);
}
