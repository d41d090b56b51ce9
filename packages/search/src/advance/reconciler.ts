import type { Log } from '../log.ts';
import { reconcile, type Reconciliation } from './reconcile.ts';
import { tidy, type Tidying } from './tidy.ts';

export type ReconcilerOptions = Reconciliation &
  Tidying & {
    readonly log: Pick<Log, 'debug' | 'info' | 'warn' | 'error'>;
    /** Between the end of one pass and the start of the next. @defaultValue 500 */
    readonly intervalMilliseconds?: number;
  };

/**
 * Moves searches forward by a timer. Every move is one conditional update of the store, so any number of reconcilers may
 * run beside each other.
 */
export interface Reconciler {
  /** Starts making passes. One that fails is logged and tried again, later and later up to ten seconds. */
  start(): void;
  /** Waits for the pass under way and makes no more. */
  stop(): Promise<void>;
}

const longestPause = 10_000;

/** Once a minute, by the default interval. */
const passesPerTidying = 120;

/** Creates a reconciler that rests until it is started. */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { log, intervalMilliseconds = 500 } = options;
  const reconciliation = { unreadable: new Set<string>(), ...options };
  let timer: NodeJS.Timeout | undefined;
  let current = Promise.resolve();
  let stopped = false;
  let passes = 0;

  const pass = async (): Promise<void> => {
    await reconcile(reconciliation);
    if (passes % passesPerTidying === 0) await tidy(options);
    passes += 1;
  };
  const schedule = (pause: number): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      current = pass().then(
        () => schedule(intervalMilliseconds),
        (error: unknown) => {
          const next = Math.min(2 * pause, longestPause);
          log.error({ err: error, retryInMilliseconds: next }, 'a pass of the reconciler failed');
          schedule(next);
        },
      );
    }, pause);
  };
  return {
    start: () => schedule(intervalMilliseconds),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
