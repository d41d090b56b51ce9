/** What a person or the system asks of a long command. */
export interface ShutdownSignals {
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP; the reason is the signal's name. */
  readonly stop: AbortSignal;
  /** Aborts at the second one: what still runs is not waited for. */
  readonly hasten: AbortSignal;
  /** Gives the signals their usual effect back. */
  readonly dispose: () => void;
}

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * One Ctrl-C can arrive twice: from the terminal, and passed on by the npm that runs this command. A person's second one
 * comes later than this.
 */
const echoMilliseconds = 300;

/**
 * Listens for the signals that end this process, instead of ending by them. Programs that serve end by closeOnShutdown;
 * a command goes on after its end was asked for (it cancels, prints, and has an exit code of its own), must not take an
 * echo for a second wish, and gives the signals back, none of which that can do.
 */
export function listenForShutdown(): ShutdownSignals {
  const stop = new AbortController();
  const hasten = new AbortController();
  let first: number | undefined;
  const listeners = names.map((name) => {
    const listener = (): void => {
      if (first === undefined) {
        first = performance.now();
        stop.abort(name);
      } else if (performance.now() - first > echoMilliseconds) {
        hasten.abort(name);
      }
    };
    process.on(name, listener);
    return { name, listener };
  });
  return {
    stop: stop.signal,
    hasten: hasten.signal,
    dispose: () => {
      for (const { name, listener } of listeners) process.off(name, listener);
    },
  };
}

/** Resolves when a signal aborts; at once where it already has. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
