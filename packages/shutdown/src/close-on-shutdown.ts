import closeWithGrace from 'close-with-grace';

/** Where the end of the process is told; a pino logger is one. */
export interface ShutdownLog {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
  fatal(details: object, message: string): void;
}

/** How a process ends. */
export interface ShutdownOptions {
  readonly log: ShutdownLog;
  /** Lets go of everything. The process ends with exit code 0 when it resolves, and with 1 where it rejects. */
  readonly close: () => Promise<void>;
  /** Within this the process ends, come what may. */
  readonly longestMilliseconds: number;
}

/**
 * What does not ask for an orderly end. After a fault of native code no handler can be trusted to run, and an event loop
 * that runs empty is an end by itself.
 */
const leftAlone: closeWithGrace.AllEvents[] = [
  ...(['SIGQUIT', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV', 'SIGUSR2'] as const),
  'beforeExit',
];

/**
 * Ends this process in order when somebody wants it: by SIGINT, SIGTERM or SIGHUP, or by the end of a parent that forked
 * it, after which nobody could stop it any more. An error that nothing handles ends it too, with exit code 1, since its
 * state is then unknown. A second signal or error during that ends it at once with exit code 1.
 */
export function closeOnShutdown({ log, close, longestMilliseconds }: ShutdownOptions): void {
  const options: closeWithGrace.Options = {
    delay: longestMilliseconds,
    // What is worth a line is said here, in the form of the log.
    logger: false,
    skip: leftAlone,
    onTimeout: () => log.error({ longestMilliseconds }, 'the shutdown takes too long'),
    onSecondSignal: (signal) => log.error({ reason: signal }, 'asked twice to end, and ends at once'),
    onSecondError: (error) => log.fatal({ err: error }, 'an error during the shutdown that nothing handles'),
  };
  let isClosing = false;
  const handle = closeWithGrace(options, async ({ signal, err }) => {
    isClosing = true;
    if (err !== undefined) log.fatal({ err }, 'an error that nothing handles');
    log.info({ reason: reasonOf(signal, err) }, 'shutting down');
    try {
      await close();
    } catch (error) {
      log.error({ err: error }, 'the shutdown met a fault');
      throw error;
    }
  });
  const endAlone = (): void => {
    if (!isClosing) handle.close();
  };
  process.once('disconnect', endAlone);
  // A parent that went while this process was still loading its modules has left no event.
  if (process.send !== undefined && !process.connected) endAlone();
}

function reasonOf(signal: string | undefined, error: unknown): string {
  return signal ?? (error === undefined ? 'the parent has gone' : 'an unexpected error');
}
