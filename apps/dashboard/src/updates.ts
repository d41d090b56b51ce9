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
/** The service says when there is something new; asking all the same shows that it is there. */
const whileListening = 10_000;
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
  readonly tab: Tab;
  /** Gives something whenever there may be something new to read. */
  readonly changes?: Changes | undefined;
}

/** What is known of whether anybody looks: the document of the page. */
export interface Tab extends Pick<EventTarget, 'addEventListener' | 'removeEventListener'> {
  readonly hidden: boolean;
}

/** Until the signal ends it, or there is no more to come. */
export type Changes = (signal: AbortSignal) => AsyncIterable<unknown>;

/** Something that is followed. */
export interface Followed {
  /** Reads at once: something was done to it. */
  readonly now: () => void;
  readonly end: () => void;
}

/**
 * Reads at once, and then whenever something has changed, one request at a time; where nobody says so, every second, and less
 * often while nobody looks or the service is away.
 */
export function follow<T>({ read, isFinal, onReading, tab, changes }: Following<T>): Followed {
  let last: Reading<T> = { value: undefined, error: undefined, readAt: undefined };
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isReading = false;
  let isAgain = false;
  let hasEnded = false;
  const isDone = (): boolean => hasEnded || (failures === 0 && last.value !== undefined && isFinal(last.value));
  const later = (): void => {
    clearTimeout(timer);
    if (isReading || isDone()) return;
    if (failures === 0 && !tab.hidden) listener.listen();
    const pause = tab.hidden ? whenHidden : pauseAfter(failures, listener.isListening());
    timer = setTimeout(() => void turn(), pause);
  };
  const turn = async (): Promise<void> => {
    clearTimeout(timer);
    isReading = true;
    try {
      last = { value: await read(), error: undefined, readAt: Date.now() };
      failures = 0;
    } catch (error) {
      failures += 1;
      last = { ...last, error };
    }
    isReading = false;
    if (!hasEnded) onReading(last);
    if (isAgain) now();
    else later();
  };
  const now = (): void => {
    isAgain = isReading;
    if (!isReading && !hasEnded) void turn();
  };
  const listener = listenTo(changes, now, () => {
    // What has ended it may stand in the way of the next one too.
    if (!isReading && !isDone()) timer = replaceTimer(timer, () => void turn());
  });
  const visibility = watchVisibility(tab, now, listener.stop);
  now();
  return {
    now,
    end: () => {
      hasEnded = true;
      clearTimeout(timer);
      visibility.end();
      listener.stop();
    },
  };
}

function replaceTimer(
  timer: ReturnType<typeof setTimeout> | undefined,
  turn: () => void,
): ReturnType<typeof setTimeout> {
  clearTimeout(timer);
  return setTimeout(turn, everySecond);
}

interface Listener {
  readonly listen: () => void;
  readonly isListening: () => boolean;
  readonly stop: () => void;
}

/** Listens by one connection at a time. */
function listenTo(changes: Changes | undefined, onChange: () => void, onEnd: () => void): Listener {
  let connection: AbortController | undefined;
  const listen = async (listened: Changes, own: AbortController): Promise<void> => {
    try {
      for await (const change of listened(own.signal)) if (change !== undefined) onChange();
    } catch {
      // Whoever reads next meets the same, and says so.
    }
    if (connection !== own) return;
    connection = undefined;
    onEnd();
  };
  return {
    listen: () => {
      if (changes === undefined || connection !== undefined) return;
      connection = new AbortController();
      void listen(changes, connection);
    },
    isListening: () => connection !== undefined,
    stop: () => {
      const own = connection;
      connection = undefined;
      own?.abort();
    },
  };
}

/** A tab that nobody has looked at for a while lets go of its connection, of which browsers open six to a site. */
function watchVisibility(tab: Tab, onShown: () => void, onHidden: () => void): { readonly end: () => void } {
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const onVisibility = (): void => {
    clearTimeout(hiding);
    if (tab.hidden) hiding = setTimeout(onHidden, whenHidden);
    else onShown();
  };
  tab.addEventListener('visibilitychange', onVisibility);
  return {
    end: () => {
      clearTimeout(hiding);
      tab.removeEventListener('visibilitychange', onVisibility);
    },
  };
}

function pauseAfter(failures: number, isListening: boolean): number {
  if (failures > 0) return Math.min(longestPause, everySecond * 2 ** failures);
  return isListening ? whileListening : everySecond;
}
